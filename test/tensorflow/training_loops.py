"""Loops of TensorFlow 2 whose bodies write: moving statistics, seeds, counters."""

from keras import Sequential, layers

from model import tf
from training_keras import fit
from training_model import training


class _Cell(layers.Layer):
    """Normalises and drops in every step; Keras runs it once before the loop, too, for the shape."""

    state_size = 4

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4, "tanh")
        self.norm = layers.BatchNormalization(momentum=0.7)
        self.drop = layers.Dropout(0.4)

    def build(self, shape):
        self.dense.build((None, shape[-1] + 4))
        self.norm.build((None, 4))
        self.built = True

    def call(self, x, states, training=False):
        state = self.norm(self.dense(tf.concat([x, states[0]], -1)), training=training)
        return self.drop(state, training=training), [state]


@training("saved")
def keras_cell_that_normalises_and_drops(net):
    return fit(net, Sequential([layers.Input((6, 5)), layers.RNN(_Cell()), layers.Dense(3)]), 6, 5)


class _Mapped(tf.Module):
    """One of the loop's arguments is there twice, and behind it come the handles."""

    def __init__(self, net):
        super().__init__()
        self.network = Sequential([layers.Input((5,)), layers.Dense(4), layers.Dropout(0.3)])
        self.count = tf.Variable(0, name="count", trainable=False, dtype=tf.int64)
        self.states = [each.value for each in self.network.variables]

    def __call__(self, x, is_training):
        return tf.map_fn(lambda row: self.step(row, is_training), x)

    def step(self, row, is_training):
        if is_training:
            self.count.assign_add(1)
        return self.network(row[None], training=is_training)[0]


@training("saved")
def keras_dropout_that_is_mapped(net):
    module = _Mapped(net)
    return module, module, net.draw(8, 5)
