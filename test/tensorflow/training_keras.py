"""Models of Keras 3, traced as they are trained: everything is in functions."""

import keras
from keras import layers

from model import np, tf
from training_model import training


def fit(net, network, *shape):
    """Trains the network for some steps; returns what a builder of the form `saved` returns."""
    train(net, network, *shape)
    module = tf.Module()
    # The states of random generators are among them, which no other attribute leads to.
    module.states = [each.value for each in network.variables]
    return module, lambda x, is_training: network(x, training=is_training), net.draw(8, *shape)


def train(net, network, *shape):
    """Some steps down the gradient; nothing is traced for them, which would take longer than all else."""
    for _ in range(3):
        with tf.GradientTape() as tape:
            output = network(net.draw(8, *shape), training=True)
            loss = tf.reduce_mean(tf.square(output - net.draw(*output.shape)))
        variables = tape.watched_variables()
        for each, gradient in zip(variables, tape.gradient(loss, variables)):
            each.assign_sub(0.05 * gradient)


def images(*more):
    """A small network of images; the layers come behind its convolution."""
    return keras.Sequential([layers.Input((6, 6, 3)), layers.Conv2D(4, 3), *more, layers.Dense(3)])


def features(*more):
    """A small network of features; the layers come behind its hidden layer."""
    return keras.Sequential([layers.Input((5,)), layers.Dense(8, "relu"), *more, layers.Dense(3)])


@training("saved")
def keras_batch_norm(net):
    norm = layers.BatchNormalization(momentum=0.7)
    return fit(net, images(norm, layers.ReLU(), layers.GlobalAveragePooling2D()), 6, 6, 3)


@training("saved")
def keras_batch_norm_of_features(net):
    return fit(net, features(layers.BatchNormalization(momentum=0.7, scale=False)), 5)


@training("saved")
def keras_synchronised_batch_norm(net):
    """The statistics of all replicas, by their sums: here are those of one."""
    norm = layers.BatchNormalization(momentum=0.7, synchronized=True)
    return fit(net, images(norm, layers.ReLU(), layers.GlobalAveragePooling2D()), 6, 6, 3)


@training("saved")
def keras_synchronised_batch_norm_of_the_first_axis(net):
    norm = layers.BatchNormalization(axis=1, momentum=0.7, synchronized=True, scale=False)
    return fit(net, keras.Sequential([layers.Input((4, 6)), norm, layers.Flatten(), layers.Dense(3)]), 4, 6)


@training("saved")
def keras_batch_norm_of_masked_steps(net):
    """Statistics of the steps that there are: sums, and how many were summed."""
    inputs = keras.Input((6, 5))
    masked = layers.Masking()(inputs)
    x = layers.BatchNormalization(momentum=0.7)(masked)
    module, call, x = fit(net, keras.Model(inputs, layers.Dense(3)(x)), 6, 5)
    x[:, 4:] = 0
    return module, call, x


@training("saved")
def keras_dropout(net):
    return fit(net, features(layers.Dropout(0.4)), 5)


@training("saved")
def keras_batch_norm_and_dropouts(net):
    """One by one channel, one by one element, and noise."""
    inner = [layers.BatchNormalization(momentum=0.7), layers.SpatialDropout2D(0.3), layers.ReLU()]
    return fit(net, images(*inner, layers.GlobalMaxPooling2D(), layers.Dropout(0.2)), 6, 6, 3)


@training("saved")
def keras_gaussian_noise(net):
    return fit(net, features(layers.GaussianNoise(0.5)), 5)


@training("saved")
def keras_gaussian_dropout(net):
    return fit(net, features(layers.GaussianDropout(0.4)), 5)


@training("saved")
def keras_alpha_dropout(net):
    return fit(net, features(layers.AlphaDropout(0.3)), 5)


@training("saved")
def keras_lstm_with_dropout(net):
    inner = [layers.LSTM(5, dropout=0.3, recurrent_dropout=0.2), layers.Dense(2)]
    return fit(net, keras.Sequential([layers.Input((6, 4)), *inner]), 6, 4)


@training("saved")
def keras_nested_models(net):
    """A model within a model, called twice: its normalisation is in functions that two calls share."""
    inputs = keras.Input((5,))
    inner = features(layers.BatchNormalization(momentum=0.7), layers.Dropout(0.3))
    outputs = layers.Dense(2)(layers.concatenate([inner(inputs), inner(inputs * 0.5)]))
    return fit(net, keras.Model(inputs, outputs), 5)


@training("saved")
def keras_transformer(net):
    """Attention with dropouts; its layer normalisations stay."""
    inputs = keras.Input((6, 8))
    attended = layers.MultiHeadAttention(num_heads=2, key_dim=4, dropout=0.2)(inputs, inputs)
    x = layers.LayerNormalization()(inputs + layers.Dropout(0.2)(attended))
    x = layers.LayerNormalization()(x + layers.Dropout(0.2)(layers.Dense(8)(layers.Dense(16, "gelu")(x))))
    return fit(net, keras.Model(inputs, layers.Dense(2)(layers.GlobalAveragePooling1D()(x))), 6, 8)
