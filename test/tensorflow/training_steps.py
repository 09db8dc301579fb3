"""Functions that do a whole step of training and give the predictions out: forward, gradients, optimiser."""

import keras
import tf_keras

from model import tf
from training_model import training


def fit(net, network, step, variables):
    """Does some steps; returns what a builder of the form `saved` returns: labels are an input, too."""
    inputs = net.draw(8, 6, 6, 3), net.draw(8, 3)
    module = tf.Module()
    done = tf.function(step)
    for _ in range(3):
        done(*map(tf.constant, inputs))
    module.states = [each.value if isinstance(each, keras.Variable) else each for each in variables]
    call = lambda x, labels, is_training: step(x, labels) if is_training else network(x, training=False)
    return module, call, *inputs


def images(library, **options):
    """A small network of images, with all that is other in training."""
    layers = library.layers
    norm = layers.BatchNormalization(momentum=0.7, **options)
    outer = [layers.ReLU(), layers.GlobalAveragePooling2D(), layers.Dropout(0.3), layers.Dense(3)]
    return library.Sequential([layers.Input((6, 6, 3)), layers.Conv2D(4, 3), norm, *outer])


def stepping(network, optimizer, call=None):
    """What does a step, and gives the predictions that it was computed from."""
    forward = call or (lambda x: network(x, training=True))

    def step(x, labels):
        with tf.GradientTape() as tape:
            predictions = forward(x)
            loss = tf.reduce_mean(tf.square(predictions - labels))
        weights = network.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return predictions

    return step


def of_keras(net, optimizer, **options):
    network = images(keras, **options)
    optimizer.build(network.trainable_variables)
    return fit(net, network, stepping(network, optimizer), [*network.variables, *optimizer.variables])


@training("saved")
def step_of_keras(net):
    return of_keras(net, keras.optimizers.Adam(0.05))


@training("saved")
def step_of_keras_with_all_options(net):
    optimizer = keras.optimizers.SGD(
        0.05, momentum=0.9, nesterov=True, weight_decay=0.01, global_clipnorm=1.0, use_ema=True, ema_overwrite_frequency=2
    )
    return of_keras(net, optimizer, synchronized=True)


@training("saved")
def step_of_keras_in_functions(net):
    """The forward pass is a function of its own, which gives out what the gradient wants to know."""
    network = images(keras)
    optimizer = keras.optimizers.RMSprop(0.05)
    optimizer.build(network.trainable_variables)
    step = stepping(network, optimizer, tf.function(lambda x: network(x, training=True)))
    return fit(net, network, step, [*network.variables, *optimizer.variables])


@training("saved")
def step_of_keras_2(net):
    network = images(tf_keras)
    optimizer = tf_keras.optimizers.Adam(0.05)
    optimizer.build(network.trainable_variables)
    return fit(net, network, stepping(network, optimizer), [network, optimizer])


@training("saved")
def step_of_keras_2_by_an_op(net):
    """The optimisers of before have an op for the whole step."""
    network = images(tf_keras)
    optimizer = tf_keras.optimizers.legacy.Adam(0.05)
    step = stepping(network, optimizer)
    optimizer._create_all_weights(network.trainable_variables)  # pylint: disable=protected-access
    return fit(net, network, step, [network, optimizer])


@training("saved")
def step_with_a_teacher(net):
    """A mean teacher: after each step, all that the student has goes a part of the way into a copy."""
    student, teacher = images(keras), images(keras)
    optimizer = keras.optimizers.SGD(0.05)
    optimizer.build(student.trainable_variables)
    follow = stepping(student, optimizer)

    def step(x, labels):
        predictions = follow(x, labels)
        for copy, each in zip(teacher.weights, student.weights):
            copy.assign(0.9 * copy + 0.1 * each)
        return predictions

    return fit(net, student, step, [*student.variables, *teacher.variables, *optimizer.variables])


@training("saved")
def step_beside_a_layer_called_gradients(net):
    """TensorFlow puts gradients into a scope of that name, and decays the weights without any."""
    network = keras.Sequential([keras.layers.Conv2D(3, 1, name="gradients"), images(keras)])
    network.build((None, 6, 6, 3))
    optimizer = keras.optimizers.AdamW(0.05)
    optimizer.build(network.trainable_variables)
    return fit(net, network, stepping(network, optimizer), [*network.variables, *optimizer.variables])
