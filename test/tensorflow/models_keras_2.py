"""Models of Keras 2 (the package tf_keras), whose SavedModels have objects and metadata of their own."""

import tf_keras
from tf_keras import layers

from model import Exported, model, np
from models_keras import NUMBERS, fill
from models_readers import RESOURCE


class Saved(Exported):
    """Saved as a whole model, with what Keras needs to load it again."""

    def save(self, folder):
        self.keras_model.save(folder, save_format="tf")


class ExportedOf2(Exported):
    """As Keras 3 has it, but for one argument."""

    def save(self, folder):
        self.keras_model.export(folder)


def saved(network, *values):
    fill(network)
    return Saved(network, *values)


def normal(*shape):
    return np.random.default_rng(7).normal(size=shape).astype(np.float32)


@model(rtol=NUMBERS)
def keras_2_sequential():
    network = tf_keras.Sequential(
        [
            layers.Input((12, 12, 3)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    return saved(network, normal(2, 12, 12, 3))


@model(rtol=NUMBERS)
def keras_2_trained():
    """With an optimiser, whose slots are in the checkpoint too."""
    network = tf_keras.Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(1)])
    network.compile("adam", "mse")
    network.fit(normal(8, 4), normal(8, 1), verbose=0)
    return Saved(network, normal(2, 4))


@model(fails=RESOURCE, rtol=NUMBERS)
def keras_2_embedding_and_lstm():
    ids = layers.Input((6,), dtype="int32")
    states = layers.Bidirectional(layers.LSTM(4))(layers.Embedding(10, 3)(ids))
    network = tf_keras.Model(ids, layers.Dense(2)(states))
    return saved(network, np.array([[1, 2, 3, 9, 0, 4]], np.int32))


@model(rtol=NUMBERS, tfjs_lacks="FusedBatchNormV3")
def keras_2_exported():
    """The serving function alone."""
    inputs = layers.Input((5,))
    network = tf_keras.Model(inputs, layers.Dense(2)(layers.LayerNormalization()(layers.Dense(4)(inputs))))
    fill(network)
    return ExportedOf2(network, normal(3, 5))
