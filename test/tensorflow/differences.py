"""Whether two sets of arrays are the same, bit for bit."""

import numpy as np


def difference(expected, actual, rtol):
    """Says how two sets of fetched arrays differ, or returns None."""
    for name, want in expected.items():
        want, got = np.asarray(want), np.asarray(actual[name])
        if want.dtype != got.dtype or want.shape != got.shape:
            return f"{name}: expected {want.dtype}{want.shape} but got {got.dtype}{got.shape}"
        if _bits(want) == _bits(got):
            continue
        # Tolerance is for the few cases whose frozen graph uses other ops than the live one.
        if not rtol or not np.allclose(want, got, rtol=rtol, atol=0, equal_nan=True):
            return f"{name}: expected {want.ravel()[:8]} but got {got.ravel()[:8]}"
    return None


def _bits(array):
    return array.tolist() if array.dtype == object else array.tobytes()
