"""Tensors as JSON, for those who read numbers without numpy."""

import numpy as np


def tensors_json(tensors):
    """Tensors by name."""
    return {name: _tensor_json(np.asarray(value)) for name, value in tensors.items()}


def _tensor_json(value):
    """Texts in UTF-8; numbers that JSON does not have as texts, too."""
    if value.dtype.kind in "OSU":
        texts = [item.decode("utf8") if isinstance(item, bytes) else item for item in value.ravel()]
        return {"dtype": "string", "shape": list(value.shape), "values": texts}
    wide = value if value.dtype.kind in "biu" else value.astype(np.float64)
    values = [_number_json(value.dtype, item) for item in wide.ravel().tolist()]
    return {"dtype": value.dtype.name, "shape": list(value.shape), "values": values}


def _number_json(dtype, value):
    if not isinstance(value, float):
        return value
    if not np.isfinite(value):
        return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[str(value)]
    # As few digits as tell it from its neighbours.
    return float(str(np.float32(value))) if dtype == np.float32 else value
