"""Sizes at which something changes: length prefixes, blocks of the index, ranks, dimensions."""

import hashlib

from case import case
from runtime import np, tf


@case()
def length_prefixes_that_grow(model):
    # A constant stands in five messages, one in another; each length takes a second byte at 128
    # and a third at 16384, and the lengths of the messages around it must follow.
    outputs = []
    for length in [*range(70, 130, 2), *range(16300, 16392, 4)]:
        value = tf.constant(np.arange(length) % 251, tf.uint8)
        variable = model.variable(f"w{length}", value, tf.uint8)
        outputs.append(tf.identity(variable, name=f"y{length}"))
    return outputs


@case()
def length_prefixes_of_scalars(model):
    outputs = []
    for power in range(0, 63, 7):
        for value in (2**power - 1, 2**power, -(2**power)):
            variable = model.variable(f"w{len(outputs)}", value, tf.int64)
            outputs.append(tf.identity(variable, name=f"y{len(outputs)}"))
    return outputs


@case()
def ranks_and_dimensions(model):
    outputs = []
    shapes = [[1] * 8, [2] * 8, [1, 0, 300], [20000, 1], [1, 1, 70000], [0, 2**33], [3, 0, 5]]
    for index, shape in enumerate(shapes):
        variable = model.variable(f"w{index}", tf.fill(shape, np.float32(index)))
        outputs.append(tf.identity(variable, name=f"y{index}"))
    return outputs


@case("pb", "meta")
def variable_of_unknown_shape(model):
    resource = model.form == "meta"
    start = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    variable = model.variable("w", start, resource=resource, validate_shape=False)
    return tf.multiply(variable, 2.0, name="y")


@case("pb", "meta")
def large_variable(model):
    value = np.random.default_rng(3).random((1500, 1000))
    w = model.variable("w", value, resource=model.form == "meta")
    b = model.variable("b", value[:3], tf.float64, resource=model.form == "meta")
    return [tf.reduce_max(w, name="y"), tf.reduce_max(b, name="z")]


@case()
def large_string_variable(model):
    random = np.random.default_rng(4)
    words = [random.bytes(int(size)) for size in random.integers(0, 300, 4000)]
    w = model.variable("w", tf.constant(np.array(words, object).reshape(40, 100)), tf.string)
    return tf.gather(w, model.input("row", 7, tf.int32), name="y")


@case()
def string_of_many_bytes(model):
    value = tf.constant([b"\0" * 200_000, b"end"])
    return tf.identity(model.variable("w", value, tf.string), name="y")


@case()
def index_of_many_blocks(model):
    # A block of the index holds 256 KiB. Names that begin alike would be shortened to nothing.
    total = model.input("x", [1.0, 2.0])
    for index in range(1000):
        name = "".join(hashlib.sha512(b"%d %d" % (index, part)).hexdigest() for part in range(4))
        total = total + model.variable(name, [float(index), 0.5])
    return tf.identity(total, name="y")
