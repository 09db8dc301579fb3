"""Floats that are easily lost on the way: NaN payloads, infinities, zeros, denormals."""

from case import case
from runtime import np, tf

BITS = {
    "half": (tf.uint16, [0x7E01, 0x7D01, 0xFE00, 0xFD55, 0x7C00, 0xFC00, 0x8000, 0x0001, 0x83FF]),
    "bfloat16": (tf.uint16, [0x7FC1, 0x7F81, 0xFFC0, 0xFF85, 0x7F80, 0xFF80, 0x8000, 1, 0x807F]),
    "float32": (
        tf.int32,
        [0x7FC00001, 0x7F800001, 0xFFC00000, 0xFF8ABCDE, 0x7F800000, 0xFF800000, 0x80000000, 1,
         0x807FFFFF],
    ),
    "float64": (
        tf.int64,
        [0x7FF8000000000001, 0x7FF0000000000001, 0xFFF8000000000000, 0xFFF123456789ABCD,
         0x7FF0000000000000, 0xFFF0000000000000, 0x8000000000000000, 1, 0x800FFFFFFFFFFFFF],
    ),
}  # quiet NaN, signalling NaN, the same two negative, both infinities, -0.0, two denormals
SIGNALLING = (1, 3)


def from_bits(name, patterns):
    """A float tensor with exactly these bits: a float constant might not keep them."""
    holder = BITS[name][0]
    wide = np.array(patterns, np.uint64)
    return tf.bitcast(tf.constant(wide.astype(holder.as_numpy_dtype)), tf.as_dtype(name))


def scalars(model, name, patterns):
    """One scalar variable a pattern."""
    outputs = []
    for index, pattern in enumerate(patterns):
        value = tf.reshape(from_bits(name, [pattern]), [])
        variable = model.variable(f"w{index}", value, tf.as_dtype(name))
        outputs.append(tf.identity(variable, name=f"y{index}"))
    return outputs


def add_bits(name):
    """Registers the two cases of a type."""
    patterns = BITS[name][1]

    @case("pb", name=f"bits_{name}_array")
    def array(model):
        variable = model.variable("w", from_bits(name, patterns), tf.as_dtype(name))
        return tf.identity(variable, name="y")

    @case("pb", name=f"bits_{name}_scalar")
    def scalar(model):
        return scalars(model, name, [patterns[i] for i in range(9) if i not in SIGNALLING])

    # Python's only float is a double, and the way there and back makes a NaN of 32 bits quiet.
    fails = "wrong numbers" if name == "float32" else None

    @case("pb", name=f"bits_{name}_scalar_signalling", fails=fails)
    def signalling(model):
        return scalars(model, name, [patterns[i] for i in SIGNALLING])


for _name in BITS:
    add_bits(_name)


def complex_numbers(pairs):
    """complex64 numbers of two float patterns each."""
    flat = [bits for pair in pairs for bits in pair]
    return tf.bitcast(tf.reshape(from_bits("float32", flat), [-1, 2]), tf.complex64)


@case("pb")
def bits_complex_scalar(model):
    outputs = []
    for index, pair in enumerate([[0x7FC00001, 0x80000000], [0xFF800000, 0x00000001]]):
        value = tf.reshape(complex_numbers([pair]), [])
        variable = model.variable(f"w{index}", value, tf.complex64)
        outputs.append(tf.identity(variable, name=f"y{index}"))
    return outputs


@case("pb")
def bits_complex_array(model):
    value = complex_numbers([[0x7FC00001, 1], [0xFFC12345, 0x7F800000], [0x80000000, 0]])
    return tf.identity(model.variable("w", value, tf.complex64), name="y")


@case("pb", fails="wrong numbers")
def bits_complex_array_signalling(model):
    value = complex_numbers([[0x7F800001, 1], [2, 0xFF8ABCDE]])
    return tf.identity(model.variable("w", value, tf.complex64), name="y")
