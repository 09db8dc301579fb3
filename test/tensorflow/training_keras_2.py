"""Models of Keras 2 (the package tf_keras), traced as they are trained."""

import tf_keras
from tf_keras import layers

from model import tf
from training_keras import train
from training_model import training


def fit(net, network, *shape):
    """Trains the network for some steps; returns what a builder of the form `saved` returns."""
    train(net, network, *shape)
    return network, lambda x, is_training: network(x, training=is_training), net.draw(8, *shape)


def features(*more):
    """A small network of features; the layers come behind its hidden layer."""
    return tf_keras.Sequential([layers.Input((5,)), layers.Dense(8, "relu"), *more, layers.Dense(3)])


@training("saved")
def keras_2_batch_norm_and_dropout(net):
    inner = [layers.Conv2D(4, 3), layers.BatchNormalization(momentum=0.7), layers.ReLU()]
    outer = [layers.GlobalAveragePooling2D(), layers.Dropout(0.3), layers.Dense(3)]
    return fit(net, tf_keras.Sequential([layers.Input((6, 6, 3)), *inner, *outer]), 6, 6, 3)


@training("saved")
def keras_2_batch_norm_of_features(net):
    return fit(net, features(layers.BatchNormalization(momentum=0.7)), 5)


@training("saved")
def keras_2_synchronised_batch_norm(net):
    inner = [layers.Conv2D(4, 3), layers.BatchNormalization(momentum=0.7, synchronized=True), layers.ReLU()]
    outer = [layers.GlobalAveragePooling2D(), layers.Dense(3)]
    return fit(net, tf_keras.Sequential([layers.Input((6, 6, 3)), *inner, *outer]), 6, 6, 3)


@training("saved")
def keras_2_synchronised_batch_norm_of_two_axes(net):
    """The statistics keep their dimensions."""
    norm = layers.BatchNormalization(axis=[1, 2], momentum=0.7, synchronized=True)
    return fit(net, tf_keras.Sequential([layers.Input((4, 6)), norm, layers.Flatten(), layers.Dense(3)]), 4, 6)


@training("saved")
def keras_2_noises(net):
    return fit(net, features(layers.GaussianNoise(0.5), layers.GaussianDropout(0.2), layers.AlphaDropout(0.2)), 5)


@training("saved")
def keras_2_spatial_dropout(net):
    inner = [layers.Conv1D(4, 3), layers.SpatialDropout1D(0.3), layers.GlobalMaxPooling1D(), layers.Dense(2)]
    return fit(net, tf_keras.Sequential([layers.Input((7, 3)), *inner]), 7, 3)


@training("saved")
def keras_2_gru_with_dropout(net):
    inner = [layers.GRU(5, dropout=0.3, recurrent_dropout=0.2), layers.Dense(2)]
    return fit(net, tf_keras.Sequential([layers.Input((6, 4)), *inner]), 6, 4)


@training("saved")
def keras_2_learning_phase(net):
    """The switch is a tensor, so that each layer branches by it."""
    network = features(layers.BatchNormalization(momentum=0.7), layers.Dropout(0.3))
    module, call, x = fit(net, network, 5)
    return module, lambda given, is_training: call(given, tf.constant(is_training)), x
