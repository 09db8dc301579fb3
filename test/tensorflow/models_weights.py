"""Models whose weights are stored in smaller types: the numbers are those of variables that NumPy and ml_dtypes rounded."""

import keras
import ml_dtypes
from keras import layers

from model import Built, Served, model, np, tf
from models_functions import module

# TensorFlow's tool keeps the weights exact, so its numbers are others.
EXACT = "but got"


def as_float16(weight):
    with np.errstate(over="ignore"):
        return weight.astype(np.float16).astype(np.float32)


def as_bfloat16(weight):
    return weight.astype(ml_dtypes.bfloat16).astype(np.float32)


def as_int8(*channels):
    """Rounds to multiples of 1/127 of the largest magnitude along these axes; without any, of all."""

    def quantize(weight):
        others = tuple(axis for axis in range(weight.ndim) if axis not in channels)
        scales = np.abs(weight).max(axis=others, keepdims=True) / np.float32(127)
        scales = np.where(scales < np.finfo(np.float32).tiny, np.float32(1), scales)
        return np.rint(weight / scales).astype(np.int8).astype(np.float32) * scales

    return quantize


class Rounded:
    """Saves the variables as they are, then as `rounding` has them by their names; the latter give the numbers."""

    live = "rounded"
    folded = ("Cast",)

    def save_both(self, save, folder, variables):
        save(folder)
        for variable in variables:
            rounding = self.rounding.get(variable.name.removesuffix(":0"))
            if rounding:
                variable.assign(rounding(np.asarray(variable)))
        save(self.live)


class RoundedModule(Rounded, Served):
    """A module, the flag that rounds its variables, and how NumPy rounds each."""

    def __init__(self, weights, rounding, module_, function, **feeds):
        super().__init__(module_, function, **feeds)
        self.own_flags = [f"--weights={rule}" for rule in weights]
        self.rounding = rounding

    def save(self, folder):
        self.save_both(super().save, folder, self.module.variables)


class RoundedNetwork(Rounded, Built):
    """A Keras model in which everything large is rounded in one way, by the class of its layer."""

    feeds = None

    def __init__(self, weights, rounding, network, *values):
        self.own_flags = [f"--weights={weights}"]
        self.network = network
        self.values = values
        self.rounding = rounding

    def save(self, folder):
        by_path = {each.path: each for each in self.network.variables}
        self.network.export(folder, verbose=False)
        for layer in self.network.layers:
            rounding = self.rounding.get(type(layer), self.rounding.get(layers.Layer))
            for variable in layer.weights:
                if len(variable.shape) >= 2 and variable.shape.num_elements() >= 1024:
                    by_path[variable.path].assign(rounding(np.asarray(variable)))
        self.network.export(self.live, verbose=False)


def normal(*shape, scale=1.0):
    """Numbers of every size that a trained weight has, the same at each call."""
    return (np.random.default_rng(sum(shape)).normal(size=shape) * scale).astype(np.float32)


def two_layers():
    return module(kernel=normal(64, 48), bias=normal(48), head=normal(48, 32, scale=1e-6), gamma=normal(1, 48))


def run_two_layers(m):
    return lambda x: tf.matmul(tf.nn.relu(tf.matmul(x, m.kernel) * m.gamma + m.bias), m.head)


@model(fails=EXACT)
def weights_as_float16():
    """The head has numbers that are no normal float16; the bias and the row of factors stay exact."""
    m = two_layers()
    return RoundedModule(["float16"], {"kernel": as_float16, "head": as_float16}, m, run_two_layers(m), x=normal(3, 64))


@model(fails=EXACT, tfjs_lacks="bfloat16")
def weights_as_bfloat16():
    m = two_layers()
    return RoundedModule(
        ["bfloat16"], {"kernel": as_bfloat16, "head": as_bfloat16}, m, run_two_layers(m), x=normal(3, 64)
    )


@model(fails=EXACT, tfjs_lacks="int8")
def weights_as_int8():
    m = two_layers()
    return RoundedModule(["int8"], {"kernel": as_int8(1), "head": as_int8(1)}, m, run_two_layers(m), x=normal(3, 64))


@model(fails=EXACT, tfjs_lacks="bfloat16")
def weights_by_rules():
    """The last rule that applies counts; patterns reach small variables too, and one scale serves a vector."""
    m = two_layers()
    rules = ["float16", "*a*=bfloat16", "bias=int8", "head=float32"]
    rounding = {"kernel": as_float16, "gamma": as_bfloat16, "bias": as_int8()}
    return RoundedModule(rules, rounding, m, run_two_layers(m), x=normal(3, 64))


@model(fails=EXACT)
def weights_that_overflow():
    kernel = normal(64, 32)
    kernel[0, 0], kernel[1, 1] = 1e5, -65520.0
    m = module(kernel=kernel)
    return RoundedModule(["float16"], {"kernel": as_float16}, m, lambda x: tf.abs(x) * m.kernel, x=normal(64, 32))


@model(fails="expected type resource != float", tfjs_lacks="int8")
def weights_of_int8_by_reader():
    """Each op's outputs are on other axes of its weight; some channels are all zeros, some nearly."""
    embedding = normal(50, 24)
    embedding[3] = 0
    embedding[4] *= np.float32(1e-37)
    m = module(
        embedding=embedding,
        transposed=normal(40, 24),
        left=normal(36, 40),
        depthwise=normal(5, 5, 24, 2),
        conv=normal(3, 3, 48, 16),
        turned=normal(3, 3, 8, 16),
    )

    def serve(ids):
        rows = tf.nn.embedding_lookup(m.embedding, ids)
        columns = tf.matmul(m.left, tf.matmul(rows, m.transposed, transpose_b=True), transpose_b=True)
        image = tf.reshape(tf.tile(rows, [16, 1]), [1, 8, 8, 24])
        deep = tf.nn.depthwise_conv2d(image, m.depthwise, [1, 1, 1, 1], "SAME")
        deep = tf.nn.conv2d(deep, m.conv, 1, "SAME")
        deep = tf.nn.conv2d_transpose(deep, m.turned, [1, 16, 16, 8], 2, "SAME")
        return {"columns": columns, "deep": deep}

    rounding = {
        "embedding": as_int8(0),
        "transposed": as_int8(0),
        "left": as_int8(0),
        "depthwise": as_int8(2, 3),
        "conv": as_int8(3),
        "turned": as_int8(2),
    }
    return RoundedModule(["*=int8"], rounding, m, serve, ids=[3, 0, 49, 4])


@model(fails=EXACT, tfjs_lacks="int8")
def weights_of_int8_in_batches():
    """Each matrix of a batch has scales of its own, however different its numbers; rows are on whichever axis they are."""
    sizes = np.float32(10.0) ** np.arange(-3, 3, dtype=np.float32)
    m = module(
        right=normal(6, 24, 40) * sizes[:, None, None],
        turned=normal(6, 16, 40) * sizes[::-1, None, None],
        columns=normal(30, 64) * np.tile(sizes, 11)[:64],
        tables=normal(6, 5, 12, 8) * sizes[:, None, None, None],
    )

    def serve(x, ids):
        product = tf.matmul(tf.matmul(x, m.right), m.turned, transpose_b=True)
        rows = tf.gather(m.tables, tf.tile(ids[None], [6, 1]), axis=2, batch_dims=1)
        return {"product": product, "columns": tf.gather(m.columns, ids, axis=1), "rows": rows}

    rounding = {"right": as_int8(0, 2), "turned": as_int8(0, 1), "columns": as_int8(1), "tables": as_int8(0, 2)}
    return RoundedModule(["int8"], rounding, m, serve, x=normal(6, 3, 24), ids=[3, 0, 11, 4])


@model(fails=EXACT, tfjs_lacks="int8")
def weights_read_in_branches_and_loops():
    m = module(kernel=normal(40, 40, scale=0.1), other=normal(40, 40, scale=0.1))

    def serve(x):
        for _ in tf.range(3):
            x = tf.matmul(x, m.kernel, transpose_b=True)
        return tf.cond(tf.reduce_sum(x) > 0, lambda: tf.matmul(x, m.other), lambda: x - tf.matmul(x, m.other))

    class Looped(RoundedModule):
        # What is handed to functions that loop is no constant in them.
        folded = ()

    return Looped(["int8"], {"kernel": as_int8(0), "other": as_int8(1)}, m, serve, x=normal(2, 40))


def images():
    return keras.Sequential(
        [
            layers.Input((8, 8, 4)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.DepthwiseConv2D(6, depth_multiplier=2),
            layers.Flatten(),
            layers.Dense(40),
        ]
    )


def filled(network):
    for number, variable in enumerate(network.variables):
        variable.assign(np.abs(normal(*variable.shape, scale=0.1 + number / 10)) + np.float32(0.01))
    return network


@model(fails=EXACT)
def weights_of_a_network_as_float16():
    return RoundedNetwork("float16", {layers.Layer: as_float16}, filled(images()), normal(2, 8, 8, 4))


@model(fails=EXACT, tfjs_lacks="int8")
def weights_of_a_network_as_int8():
    rounding = {layers.Conv2D: as_int8(3), layers.DepthwiseConv2D: as_int8(2, 3), layers.Dense: as_int8(1)}
    return RoundedNetwork("int8", rounding, filled(images()), normal(2, 8, 8, 4))
