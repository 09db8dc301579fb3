"""Models whose normalisation `--optimize` folds into the weights before it: the numbers stay, and the ops are gone."""

import keras
from keras import layers

from model import Exported, Served, model, np, tf
from models_functions import module
from models_keras import fill

# Weights are rounded once more, and sums are made in another order.
NUMBERS = 1e-4

# What normalisation is made of, fused or in single steps.
NORMALISATION = ("FusedBatchNormV3", "BatchNormWithGlobalNormalization", "Rsqrt", "Mul", "Sub", "RealDiv")


class Optimised(Served):
    own_flags = ("--optimize",)
    gone = NORMALISATION


class OptimisedNetwork(Exported):
    own_flags = ("--optimize",)
    gone = NORMALISATION


def network(keras_model, *shape):
    return OptimisedNetwork(keras_model, fill(keras_model).normal(size=shape).astype(np.float32))


@model(rtol=NUMBERS, tfjs_rtol=1e-3)
def optimised_resnet50():
    return network(keras.applications.ResNet50(input_shape=(48, 48, 3), weights=None, classes=10), 1, 48, 48, 3)


@model(rtol=NUMBERS, tfjs_rtol=1e-3)
def optimised_mobilenet_v2():
    layers_ = keras.applications.MobileNetV2(input_shape=(64, 64, 3), alpha=0.35, weights=None, classes=10)
    built = network(layers_, 2, 64, 64, 3)
    # The input is brought into its range, which no weight comes before.
    built.gone = ("FusedBatchNormV3", "Rsqrt")
    return built


@model(rtol=NUMBERS)
def optimised_sequences_and_features():
    """Convolutions over sequences are squeezed out of images; layers of features are products."""
    inputs = keras.Input((12, 5))
    x = layers.BatchNormalization()(layers.Conv1D(7, 3)(inputs))
    x = layers.Flatten()(layers.ReLU()(x))
    x = layers.BatchNormalization(scale=False)(layers.Dense(6, use_bias=False)(x))
    x = layers.BatchNormalization(center=False)(layers.Dense(4)(layers.ReLU()(x)))
    return network(keras.Model(inputs, x), 2, 12, 5)


def chance(*shape, dtype=np.float32):
    """Numbers that are the same at each call, away from 0."""
    return np.random.default_rng(sum(shape)).uniform(0.5, 1.5, size=shape).astype(dtype)


def fused(x, m, data_format="NHWC"):
    return tf.raw_ops.FusedBatchNormV3(
        x=x,
        scale=m.scale,
        offset=m.offset,
        mean=m.mean,
        variance=m.variance,
        epsilon=1e-3,
        data_format=data_format,
        is_training=False,
    ).y


def stepwise(x, m):
    return tf.nn.batch_normalization(x, m.mean, m.variance, m.offset, m.scale, 1e-3)


def normalised(dtype=np.float32, **weights):
    names = ("scale", "offset", "mean", "variance")
    return module(**{name: chance(4, dtype=dtype) + place for place, name in enumerate(names)}, **weights)


@model(rtol=NUMBERS)
def optimised_convolutions():
    """Every op that has a weight, with a bias and without one, with normalisation in one step and in several."""
    m = normalised(
        flat=chance(3, 3, 2, 4),
        deep=chance(2, 2, 2, 2, 4),
        depthwise=chance(3, 3, 2, 2),
        turned=chance(3, 3, 4, 2),
        dilated=chance(2, 2, 2, 4),
        product=chance(32, 4),
        rows=chance(4, 32),
        bias=chance(4),
    )

    def run(x):
        blocks = tf.space_to_batch(x, [2, 2], [[0, 0], [0, 0]])
        dilated = tf.batch_to_space(tf.nn.conv2d(blocks, m.dilated, 1, "VALID"), [2, 2], [[0, 0], [0, 0]])
        volume = tf.reshape(x, [1, 2, 2, 4, 2])
        return {
            "flat": fused(tf.nn.bias_add(tf.nn.conv2d(x, m.flat, 1, "SAME"), m.bias), m),
            "deep": fused(tf.nn.conv3d(volume, m.deep, [1] * 5, "VALID"), m, "NDHWC"),
            "depthwise": stepwise(tf.nn.depthwise_conv2d(x, m.depthwise, [1] * 4, "VALID") + m.bias, m),
            "turned": fused(tf.nn.conv2d_transpose(x, m.turned, [1, 6, 6, 4], 1, "VALID"), m),
            "dilated": fused(dilated, m),
            "product": stepwise(tf.matmul(tf.reshape(x, [1, 32]), m.product), m),
            "rows": stepwise(tf.matmul(tf.reshape(x, [1, 32]), m.rows, transpose_b=True) + m.bias, m),
        }

    return Optimised(m, run, x=chance(1, 4, 4, 2))


@model(rtol=1e-12, tfjs_rtol=1e-3)
def optimised_doubles():
    m = normalised(np.float64, kernel=chance(3, 3, 2, 4, dtype=np.float64))
    run = lambda x: stepwise(tf.nn.conv2d(tf.cast(x, tf.float64), m.kernel, 1, "SAME"), m)
    return Optimised(m, run, x=chance(1, 4, 4, 2))


@model(rtol=1e-2, tfjs_rtol=1e-2)
def optimised_halves():
    """The weights are rounded to float16 once more."""
    m = normalised(kernel=chance(3, 3, 2, 4, dtype=np.float16))
    x = chance(1, 4, 4, 2, dtype=np.float16)
    return Optimised(m, lambda x: fused(tf.nn.conv2d(x, m.kernel, 1, "SAME"), m), x=x)


@model(rtol=1e-2, tfjs_rtol=1e-2)
def optimised_weights_cast_to_halves():
    """The weights are of float32, and scaled before they are rounded."""
    m = normalised(kernel=chance(3, 3, 2, 4))

    def run(x):
        return fused(tf.nn.conv2d(x, tf.cast(m.kernel, tf.float16), 1, "SAME"), m)

    return Optimised(m, run, x=chance(1, 4, 4, 2, dtype=np.float16))


@model(rtol=NUMBERS)
def optimised_features_of_sequences():
    """Products of each step of a sequence, and of each point of an image, are reshaped to what they are products of."""
    inputs = keras.Input((4, 3, 5))
    x = layers.BatchNormalization()(layers.Dense(7)(inputs))
    x = layers.Reshape((12, 7))(layers.ReLU()(x))
    x = layers.BatchNormalization()(layers.Dense(6, use_bias=False)(x))
    return network(keras.Model(inputs, x), 2, 4, 3, 5)


@model(rtol=1e-6, tfjs_rtol=1e-2)
def optimised_not_in_another_type():
    """Normalisation of float32 behind products of float16 stays: in the weights, it would be rounded to float16."""
    inputs = keras.Input((6, 6, 2))
    x = layers.BatchNormalization()(layers.Conv2D(4, 3, dtype="mixed_float16")(inputs))
    built = network(keras.Model(inputs, x), 2, 6, 6, 2)
    built.gone = ("Rsqrt",)
    return built


@model(rtol=1e-6)
def optimised_normalisation_of_inputs():
    """There is no weight before it. What is computed of its parameters is a constant."""
    m = normalised()
    built = Optimised(m, lambda x: tf.nn.relu(stepwise(x, m)), x=chance(3, 4))
    built.gone = ("Rsqrt", "Sub")
    return built


@model()
def optimised_ranges_of_floats():
    """Their elements are counted in float32: in float64, there would be one more."""
    bounds = [(0.0, 0.6, 0.2), (0.0, 1.2, 0.4), (1.0, 0.0, -0.2), (0.0, 2.1, 0.7), (0.1, 0.7, 0.1)]

    def run(x):
        return {f"range{place}": tf.range(*each) + x for place, each in enumerate(bounds)}

    built = Optimised(module(), run, x=[1.0])
    built.gone = ("Range",)
    return built


@model(tfjs_lacks="Bitcast")
def optimised_not_of_denormals():
    """The processor takes them for 0 when TensorFlow runs."""
    tiny = [1e-40, -1e-40, 1e-38, 1.0]

    def run(x):
        numbers = {"root": tf.math.rsqrt(tiny), "inverse": tf.math.reciprocal(tiny), "product": tf.constant(tiny) * 1e30}
        ours = {name: tf.bitcast(value, tf.int32) for name, value in numbers.items()}
        return {**ours, "differs": tf.not_equal(tiny, 0.0), "sum": x + 1.0}

    built = Optimised(module(), run, x=[1.0])
    built.gone = ()
    return built


@model(rtol=1e-2, tfjs_rtol=1e-2)
def optimised_not_beyond_halves():
    """Neither a weight times its factor nor what is added would be a number of float16, and all that is computed is one."""
    m = module(product=chance(4, 3, dtype=np.float16) * np.float16(100), kernel=np.ones((1, 1, 1, 2), np.float16))
    # Next to no variance, and a mean far from 0.
    statistics = {"mean": np.float32([2100, 2070]), "variance": np.float32([1e-6, 1e-5])}
    norm = module(scale=np.float32([1, 1]), offset=np.float32([0, 0]), **statistics)

    def run(x):
        # Even numbers, which are exact there.
        pixels = tf.round(tf.reshape(x, [2, 2, 2, 1])) * np.float16(2) + np.float16(2080)
        product = tf.matmul(x * np.float16(0.01), m.product) * np.float16(2000) + np.float16(1)
        return {"product": product, "norm": fused(tf.nn.conv2d(pixels, m.kernel, 1, "SAME"), norm)}

    m.norm = norm
    built = Optimised(m, run, x=chance(2, 4, dtype=np.float16))
    built.gone = ()
    return built
