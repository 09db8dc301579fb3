"""Weights that are large enough to be mapped from a file, in the hands of ops of all kinds.

Kernels may write to an input that nothing else holds. The memory of a mapped file is read-only, so whatever permafrost
takes for harmless and is not ends the process here.
"""

import keras
from keras import layers

from model import Served, model, np, tf
from models_functions import module
from models_keras import NUMBERS, export

SIZE = 160  # squared, 102,400 bytes of float32


def table(seed, *shape, dtype=np.float32):
    """Numbers by chance."""
    return np.random.default_rng(seed).normal(size=shape or (SIZE, SIZE)).astype(dtype)


def square(seed):
    """A weight."""
    return table(seed)


@model()
def large_weights_of_layers():
    m = module(a=square(1), b=square(2), c=table(3, SIZE))
    return Served(m, lambda x: tf.nn.relu(tf.matmul(tf.nn.relu(tf.matmul(x, m.a) + m.c), m.b)), x=table(4, 3, SIZE))


@model()
def large_weights_that_elementwise_ops_take():
    """Each of these kernels may put its output where its input is."""
    m = module(**{name: square(seed) for seed, name in enumerate("abcdefghij")})

    def serve(x):
        parts = [tf.nn.relu(m.a), m.b * 2.0, x + m.c, tf.add_n([m.d, x]), tf.exp(m.e), tf.clip_by_value(m.f, -1.0, 1.0)]
        parts += [tf.where(x > 0, m.g, x), tf.cumsum(m.h), tf.nn.softmax(m.i), tf.reverse(m.j, [0])]
        return tf.stack(parts)

    return Served(m, serve, x=table(11))


@model(tfjs_lacks="TensorScatterAdd")
def large_weights_that_are_updated():
    m = module(a=square(1), b=square(2), c=square(3))

    def serve(x):
        a = tf.tensor_scatter_nd_update(m.a, [[1], [3]], x)
        b = tf.tensor_scatter_nd_add(m.b, [[0], [1]], x)
        c = tf.raw_ops.InplaceUpdate(x=tf.identity(m.c), i=[0, 2], v=x)
        return tf.stack([a, b, c])

    return Served(m, serve, x=table(4, 2, SIZE))


@model()
def large_weights_in_other_shapes():
    """These may hand on the memory of their input, whole or in part; what comes next must not write to it."""
    m = module(**{name: square(seed) for seed, name in enumerate("abcdefghij")})

    def serve(x):
        flat = tf.nn.relu(tf.reshape(m.a, [-1]))
        rows = x + m.b[:8]
        part = tf.nn.relu(tf.slice(m.c, [8, 0], [80, SIZE]))
        halves = [tf.nn.relu(half) for half in tf.split(m.d, 2)]
        row = tf.nn.relu(tf.unstack(m.e)[2])
        turned = tf.nn.relu(tf.transpose(m.f, [0, 1])) + tf.nn.relu(tf.transpose(m.f))
        thin = tf.nn.relu(tf.squeeze(m.g[None, :, :, None]))
        same = tf.nn.relu(tf.tile(m.h, [1, 1])) + tf.nn.relu(tf.pad(m.i, [[0, 0], [0, 0]]))
        kept = tf.nn.relu(tf.reduce_sum(m.j[None], 0)) + tf.nn.relu(tf.cast(tf.broadcast_to(m.j, m.j.shape), tf.float32))
        parts = [flat, rows, part, *halves, row, turned, thin, same, kept, tf.nn.relu(tf.stack([m.a])), tf.concat([m.b], 0)]
        return tf.concat([tf.reshape(each, [-1]) for each in parts], 0)

    return Served(m, serve, x=table(11, 8, SIZE))


@model(fails="expected type resource")
def large_tables_that_are_looked_up():
    m = module(words=table(1, 2000, 32), places=table(2, 600, 32), bias=table(3, 2000))

    def serve(words):
        x = tf.nn.embedding_lookup(m.words, words) + m.places[:4]
        x += tf.gather_nd(m.places, tf.reshape(words, [-1, 1]) % 600)
        return tf.matmul(x, m.words, transpose_b=True) + m.bias

    return Served(m, serve, words=[7, 1999, 0, 7])


@model(tfjs_rtol=1e-3)
def large_weights_in_loops():
    """Each round makes the rounding errors of the former larger."""
    m = module(read=square(1), added=square(2), only_passed=square(3))

    def serve(x):
        def body(i, x, read, added, passed):
            return i + 1, tf.tanh(tf.matmul(x, read) + added), read, added, passed

        variables = (tf.constant(0), x, m.read.read_value(), m.added.read_value(), m.only_passed.read_value())
        _, x, _, _, passed = tf.while_loop(lambda i, *_: i < 5, body, variables)
        return x + tf.nn.relu(passed)

    return Served(m, serve, x=square(4))


@model()
def large_weights_in_branches():
    m = module(a=square(1), b=square(2))

    def serve(x, turn):
        y = tf.cond(turn, lambda: tf.matmul(x, m.a), lambda: x + m.b)
        return tf.switch_case(tf.cast(turn, tf.int32), [lambda: y, lambda: m.a * y, lambda: m.b + 0.0]) + tf.cond(
            turn, m.a.read_value, m.b.read_value
        )

    return Served(m, serve, x=square(3), turn=True)


@model()
def large_weights_that_functions_return():
    m = module(a=square(1), b=square(2))

    @tf.function
    def weights(x):
        return tf.matmul(x, m.a), tf.reshape(m.a, [SIZE, SIZE]), m.b.read_value()

    def serve(x):
        y, a, b = weights(x)
        return y + tf.nn.relu(a) * b

    return Served(m, serve, x=square(3))


@model(rtol=NUMBERS)
def large_weights_of_convolutions():
    """Batch normalisation may write to the means and variances that it reads."""
    layers_ = [
        layers.Input((6, 6, 8)),
        layers.Conv2D(3000, 1),
        layers.BatchNormalization(),
        layers.DepthwiseConv2D(3, activation="relu"),
        layers.Conv2D(32, 2),
        layers.Flatten(),
        layers.Dense(4),
    ]
    return export(keras.Sequential(layers_), (2, 6, 6, 8))


@model(rtol=NUMBERS)
def large_weights_of_recurrent_layers():
    return export(keras.Sequential([layers.Input((5, 96)), layers.LSTM(96), layers.Dense(3)]), (2, 5, 96))


@model(rtol=NUMBERS)
def large_weights_of_attention():
    x = keras.Input((7, 128))
    y = layers.LayerNormalization()(layers.MultiHeadAttention(4, 64)(x, x) + x)
    return export(keras.Model(x, layers.Dense(5)(y)), (2, 7, 128))


@model(fails="expected type resource", tfjs_lacks="Invert")
def large_weights_of_many_types():
    """Of types that not all kernels take, and that a TensorProto holds in other ways than a file."""
    whole = np.random.default_rng(1).integers(-100, 100, (SIZE, 2 * SIZE))
    integers = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
    fractions = ("float16", "bfloat16", "float64", "complex64", "complex128")
    m = module(
        bools=whole > 0,
        **{name: whole.astype(name) for name in integers},
        **{name: tf.cast(whole / 7.0, name) for name in fractions},
    )

    def serve(row):
        changed = [m.int32 + 1, m.int64 * 2, tf.bitwise.invert(m.uint64), tf.math.conj(m.complex64), -m.float64]
        kept = [m.bools, m.int8, m.int16, m.uint8, m.uint16, m.uint32, m.float16, m.bfloat16, m.complex128]
        rows = [tf.gather(each, row) for each in (*changed, *kept)]
        real = [tf.math.real(each) if each.dtype.is_complex else each for each in rows]
        return tf.stack([tf.cast(each, tf.float64) for each in real])

    return Served(m, serve, row=3)
