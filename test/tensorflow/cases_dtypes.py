"""Every type a variable can have: as arrays, with one element, with none.

TensorFlow writes an array as raw bytes and a single element into a typed field, and some types
into typed fields always; so each type has a case of its own for each.
"""

from case import case
from runtime import np, tf

FLOATS = ("half", "bfloat16", "float32", "float64")
SMALL_FLOATS = ("float8_e5m2", "float8_e4m3fn", "float4_e2m1fn")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
COMPLEX = ("complex64", "complex128")
# There are no kernels to assign these to a reference variable.
RESOURCE_ONLY = SMALL_FLOATS + ("int4", "uint4", "int2", "uint2")
LONG = bytes(range(256)) + b"and more"


def values(name):
    """Seven values of a type, its extremes among them."""
    dtype = tf.as_dtype(name)
    if name == "string":
        return [b"plain", b"", b"\0nul\0", b"\xff\xfe\x80", LONG, "ünïcode".encode(), b"\n'\"\\"]
    if name == "bool":
        return [True, False, True, True, False, False, True]
    if name in COMPLEX:
        return [1 + 2j, -1.5 - 0.25j, 0j, 1e30 - 1e30j, -0.0 + 0j, complex("inf"), 3j]
    if name in FLOATS:
        return [-1.5, 0.0, -0.0, dtype.max, dtype.min, np.inf, 0.1]
    if name in SMALL_FLOATS:
        return [-1.5, 0.0, -0.0, 1.0, 0.5, 2.0, -4.0]
    low, high = int(dtype.min), int(dtype.max)
    return [low, high, 0, 1, low // 2 - (low < 0), high // 2, high - 1]


def shaped(name, shape, at=0):
    """An array of a type, with its values from `at` on, as often as the shape needs."""
    kind = object if name == "string" else tf.as_dtype(name).as_numpy_dtype
    count = int(np.prod(shape))
    source = values(name)
    return np.array([source[(at + i) % 7] for i in range(count)], dtype=kind).reshape(shape)


def reads(model, name, shapes):
    """One variable a shape, each read by an Identity which is an output."""
    resource = name in RESOURCE_ONLY
    outputs = []
    for at, (label, shape) in enumerate(shapes.items()):
        value = tf.constant(shaped(name, shape, at), tf.as_dtype(name), shape)
        variable = model.variable(label, value, tf.as_dtype(name), resource)
        outputs.append(tf.identity(variable, name=f"{label}_out"))
    return outputs


SHAPES = {
    "array": {"vector": [7], "matrix": [2, 3], "equal": [2, 2, 2]},
    "scalar": {"first": [], "second": [], "third": []},
    "single": {"one": [1], "one_by_one": [1, 1], "next": [1]},
    "empty": {"none": [0], "none_by_three": [0, 3]},
}


def add_dtype(name, kind, shapes):
    """Registers one case of a type."""
    # A session gives a scalar string as bytes, and the converter asks those for their shape.
    fails = "'bytes' object has no attribute" if (name, kind) == ("string", "scalar") else None

    @case("meta" if name in RESOURCE_ONLY else "pb", name=f"dtype_{name}_{kind}", fails=fails)
    def dtype_case(model):
        return reads(model, name, shapes)


for _name in FLOATS + SIGNED + UNSIGNED + COMPLEX + ("bool", "string") + RESOURCE_ONLY:
    for _kind, _shapes in SHAPES.items():
        add_dtype(_name, _kind, _shapes)
