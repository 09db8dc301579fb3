"""Writes the checkpoints in test/native/fixtures with a real TensorFlow: of version 2, and the same of version 1.

Usage: python scripts/make-checkpoint-fixtures.py test/native/fixtures/every-dtype
Needs tensorflow; test/native/fixtures/README.md says which version wrote the committed files.
"""

import sys

import numpy as np
import tensorflow as tf

TENSORS = {
    "bool": tf.constant([True, False, True]),
    "complex128": tf.constant([1 - 2j], tf.complex128),
    "complex64": tf.constant([1 + 2j, -3 + 0.5j], tf.complex64),
    "empty": tf.zeros([0, 3], tf.float32),
    "empty_strings": tf.constant([], tf.string),
    "float16": tf.constant([1.0, -2.0], tf.float16),
    "float32": tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], tf.float32),
    "float64": tf.constant([0.1], tf.float64),
    "bfloat16": tf.constant([1.0, -2.0], tf.bfloat16),
    "int16": tf.constant([-1, 2], tf.int16),
    "int32": tf.constant([-1, 300], tf.int32),
    "int64": tf.constant([-1, 1 << 40], tf.int64),
    "int8": tf.constant([-1, 127], tf.int8),
    "nested/name": tf.constant(7, tf.int32),
    "scalar": tf.constant(2.5, tf.float32),
    "string": tf.constant(b"one"),
    "strings": tf.constant([b"", b"a", b"\x00\xff", b"x" * 200]),
    "uint16": tf.constant([65535], tf.uint16),
    "uint32": tf.constant([4294967295], tf.uint32),
    "uint64": tf.constant([1 << 63], tf.uint64),
    "uint8": tf.constant([0, 255], tf.uint8),
}

# The types that TensorFlow does not write into checkpoints of version 1.
ONLY_V2 = {"bfloat16", "uint32", "uint64"}


def main() -> None:
    prefix = sys.argv[1]
    names = sorted(TENSORS)
    whole = [""] * len(names)
    # One tensor in two slices, as a partitioned variable saves it.
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)
    names += ["sliced", "sliced"]
    whole += ["3 2 0,2:-", "3 2 2,1:-"]
    values = [TENSORS[name] for name in sorted(TENSORS)] + [tf.constant(rows[:2]), tf.constant(rows[2:])]
    tf.raw_ops.SaveV2(prefix=prefix, tensor_names=names, shape_and_slices=whole, tensors=values)
    old = [(name, part, value) for name, part, value in zip(names, whole, values) if name not in ONLY_V2]
    names, whole, values = zip(*old)
    tf.raw_ops.SaveSlices(filename=f"{prefix}-v1.ckpt", tensor_names=names, shapes_and_slices=whole, data=values)
    print("written by TensorFlow", tf.__version__)


if __name__ == "__main__":
    main()
