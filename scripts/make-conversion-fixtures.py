"""Writes test/native/fixtures/narrowed-floats.bin: float32 numbers, and what NumPy and ml_dtypes make of them.

    python scripts/make-conversion-fixtures.py     (needs numpy and ml_dtypes)

Each record is the bits of a float32, then those of the float16 and the bfloat16, little-endian: 4, 2 and 2 bytes.
The numbers have every exponent and both signs, with the fractions where roundings change: next to exact halves of the
bits that are dropped.
"""

from pathlib import Path

import ml_dtypes
import numpy as np

TARGET = Path(__file__).parent.parent / "test" / "native" / "fixtures" / "narrowed-floats.bin"


# Bits of the fraction that float16 drops of its normal numbers, and bfloat16 of all.
DROPPED = (13, 16)


def fractions(exponent):
    """Fractions of 23 bits around the halves of what is dropped, at both ends of what is kept."""
    # The smallest float16 have no exponent of their own, and keep the fewer bits, the smaller they are.
    dropped = {*DROPPED, 126 - exponent} if 102 <= exponent <= 112 else DROPPED
    chosen = {0, 0x7FFFFF, 0x400000}
    for bits in dropped:
        half = 1 << (bits - 1)
        for kept in (0, 1, (0x800000 >> bits) - 1):
            chosen.update(((kept << bits) + half + near) & 0x7FFFFF for near in (-1, 0, 1))
    return sorted(chosen)


def main():
    magnitudes = [exponent << 23 | fraction for exponent in range(256) for fraction in fractions(exponent)]
    bits = np.array(magnitudes + [1 << 31 | each for each in magnitudes], dtype=np.uint32)
    floats = bits.view(np.float32)
    with np.errstate(all="ignore"):
        records = np.rec.fromarrays(
            [bits, floats.astype(np.float16).view(np.uint16), floats.astype(ml_dtypes.bfloat16).view(np.uint16)],
            dtype=[("bits", "<u4"), ("float16", "<u2"), ("bfloat16", "<u2")],
        )
    TARGET.write_bytes(records.tobytes())
    print(f"{TARGET}: {len(records)} numbers, NumPy {np.__version__}, ml_dtypes {ml_dtypes.__version__}")


if __name__ == "__main__":
    main()
