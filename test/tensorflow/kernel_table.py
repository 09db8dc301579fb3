"""Prints the table of the kernels that this TensorFlow registers for a device type: CPU or GPU.

`npm run generate:kernels` writes it to native/core/devices/tables.
"""

import sys

import runtime
from kernel_registry import kernels_of
from kernel_rows import rows_of

# Each may use those before it.
SETS = {
    "floats": ["float16", "bfloat16", "float32", "float64"],
    "complexes": ["complex64", "complex128"],
    "integers": ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"],
    "quantized": ["qint8", "quint8", "qint16", "quint16", "qint32"],
    "reals": ["floats", "integers"],
    "numbers": ["reals", "complexes"],
    "numbers_but_int32": [
        *("floats", "complexes", "int8", "int16", "int64"),
        *("uint8", "uint16", "uint32", "uint64"),
    ],
    "plain": ["numbers", "bool"],
    "handles": ["resource", "variant"],
}
OTHERS = ["string", "float8_e5m2", "float8_e4m3fn", "int4", "uint4", "int2", "uint2", "float4_e2m1fn"]

HEADER = """\
# The kernels for {device} that TensorFlow {version} registers. Made by `npm run generate:kernels`; do not edit.
#
# Those for the device type {device} come first, then what the kernels for any device (DEFAULT) add to them. Kernels that
# have a label are left out, and so are constraints on attributes that are not types.
#
# An op has one row for each alternative, and the first that fits a node is the one that counts:
#   Op  attribute=the dtypes that it may be  host=the inputs and outputs that are in host memory
# An attribute that is not named may be anything. These names stand for several dtypes:
"""


def _members(name):
    return [dtype for each in SETS[name] for dtype in (_members(each) if each in SETS else [each])]


ORDER = [*_members("plain"), "string", *_members("handles"), *_members("quantized"), *OTHERS[1:]]
BY_SIZE = sorted(SETS, key=lambda name: -len(_members(name)))


def _in_words(types):
    """The largest named sets that are in `types`, and what they leave."""
    left, words = set(types), []
    for name in BY_SIZE:
        if left.issuperset(_members(name)):
            words.append(name)
            left.difference_update(_members(name))
    return ",".join(words + sorted(left, key=ORDER.index))


def _line(op, types, hosts):
    words = [f"{name}={_in_words(allowed)}" for name, allowed in types.items()]
    return "  ".join([op, *words, *([f"host={','.join(hosts)}"] if hosts else [])])


def table(device):
    lines = [f"{name} = {' '.join(members)}" for name, members in SETS.items()]
    lines.append("")
    for op, rows in rows_of(*kernels_of(device)).items():
        lines += [_line(op, types, hosts) for types, hosts in rows]
    return HEADER.format(device=device, version=runtime.tf.__version__) + "\n".join(lines)


if __name__ == "__main__":
    print(table(sys.argv[1]))
