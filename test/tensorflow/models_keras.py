"""Architectures of Keras with weights by chance, batch normalisation's statistics among them."""

import keras
from keras import layers

from model import Exported, model, np

NUMBERS = 1e-5


def export(network, *shapes, whole=None):
    """The network with its weights filled, and inputs of these shapes; `whole`: below that number."""
    chance = fill(network)
    draw = lambda shape: (
        chance.normal(size=shape).astype(np.float32)
        if whole is None
        else chance.integers(0, whole, shape).astype(np.int32)
    )
    return Exported(network, *(draw(shape) for shape in shapes))


def fill(network):
    """Gives the network's weights values by chance, and returns what they were drawn from."""
    chance = np.random.default_rng(7)
    network.set_weights([_weight(chance, each) for each in network.get_weights()])
    return chance


def _weight(chance, old):
    """Positive, since some are variances, and small enough for a hundred layers."""
    size = max(1, int(np.prod(old.shape[:-1]))) if old.ndim > 1 else 1
    return (chance.uniform(0.2, 1.0, old.shape) * (1.5 / size if old.ndim > 1 else 1)).astype(old.dtype)


@model(rtol=NUMBERS)
def keras_mobilenet_v2():
    network = keras.applications.MobileNetV2(input_shape=(64, 64, 3), alpha=0.35, weights=None, classes=10)
    return export(network, (2, 64, 64, 3))


@model(rtol=NUMBERS)
def keras_resnet50():
    network = keras.applications.ResNet50(input_shape=(48, 48, 3), weights=None, classes=10)
    return export(network, (1, 48, 48, 3))


@model(rtol=NUMBERS)
def keras_efficientnet_b0():
    network = keras.applications.EfficientNetB0(input_shape=(48, 48, 3), weights=None, classes=10)
    return export(network, (1, 48, 48, 3))


@model(rtol=NUMBERS)
def keras_lstm_in_both_directions():
    inputs = keras.Input((9, 4))
    states = layers.Bidirectional(layers.LSTM(5, return_sequences=True))(inputs)
    return export(keras.Model(inputs, layers.Dense(3)(layers.LSTM(4)(states))), (2, 9, 4))


@model(rtol=NUMBERS)
def keras_gru_in_both_directions():
    inputs = keras.Input((9, 4))
    states = layers.Bidirectional(layers.GRU(5, return_sequences=True))(inputs)
    return export(keras.Model(inputs, layers.Dense(3)(layers.GRU(4, reset_after=False)(states))), (2, 9, 4))


@model(rtol=NUMBERS)
def keras_transformer_with_embeddings():
    tokens = keras.Input((7,), dtype="int32")
    states = layers.Embedding(50, 16)(tokens) + layers.Embedding(7, 16)(keras.ops.arange(7))
    attended = layers.MultiHeadAttention(num_heads=2, key_dim=8)(states, states)
    states = layers.LayerNormalization()(states + attended)
    states = layers.Dense(16)(layers.Dense(32, activation="gelu")(states)) + states
    outputs = layers.Dense(2)(layers.GlobalAveragePooling1D()(layers.LayerNormalization()(states)))
    return export(keras.Model(tokens, outputs), (2, 7), whole=50)


@model(rtol=NUMBERS)
def keras_u_net():
    inputs = keras.Input((16, 16, 3))
    conv = lambda x, size: layers.BatchNormalization()(layers.Conv2D(size, 3, padding="same", activation="relu")(x))
    first = conv(inputs, 4)
    second = conv(layers.MaxPooling2D()(first), 8)
    deepest = conv(layers.MaxPooling2D()(second), 16)
    up = conv(layers.concatenate([layers.Conv2DTranspose(8, 2, strides=2)(deepest), second]), 8)
    up = conv(layers.concatenate([layers.UpSampling2D()(up), first]), 4)
    return export(keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(up)), (1, 16, 16, 3))


@model(fails="Table not initialized", rtol=NUMBERS)
def keras_lookup_and_embedding():
    words = keras.Input((), dtype="int32")
    known = layers.IntegerLookup(vocabulary=[3, 5, 8])(words)
    return export(keras.Model(words, layers.Embedding(5, 2)(known)), (4,), whole=9)
