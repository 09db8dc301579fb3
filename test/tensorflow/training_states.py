"""What a model writes for itself to read again: that goes on, and in the order that it was asked for."""

from model import tf
from training_layers import dense, variable
from training_model import tf1, training


class _Remembering(tf.Module):
    """The function returns something else than what it writes; its caller reads that."""

    def __init__(self, net):
        super().__init__()
        self.weights = tf.Variable(net.draw(5), name="weights")
        self.state = tf.Variable(net.draw(5), name="state", trainable=False)
        self.count = tf.Variable(0, name="count", trainable=False, dtype=tf.int64)
        self.remember = tf.function(self._remember)

    def _remember(self, x, is_training):
        self.state.assign(tf.reduce_mean(x, 0))
        if is_training:
            self.count.assign_add(1)
        return x * self.weights

    def __call__(self, x, is_training):
        return self.remember(x, is_training) + self.state


@training("saved")
def state_that_a_function_writes(net):
    net.alike = "the counter is no part of the numbers"
    module = _Remembering(net)
    return module, module, net.draw(8, 5)


@training("meta", "pb", resource=True)
def state_written_beside_a_norm(net):
    """What waits for the moving averages waits for the state as well, which is read after it."""
    x = dense(net.input("features", 5), 4, "hidden")
    x = tf.reshape(x, [-1, 1, 1, 4])
    scale, offset = variable("gamma", 4), variable("beta", 4)
    mean = variable("moving_mean", 4, trainable=False)
    variance = variable("moving_variance", 4, value=1.0, trainable=False)
    state = variable("state", 4, trainable=False)
    writes = [state.assign(tf.reduce_mean(x, [0, 1, 2]))]
    if net.training:
        normal, *of_batch = tf1.nn.fused_batch_norm(x, scale, offset, is_training=True)
        for average, value in zip((mean, variance), of_batch):
            writes.append(average.assign_sub((average - value) * 0.3))
    else:
        normal = tf1.nn.fused_batch_norm(x, scale, offset, mean, variance, is_training=False)[0]
    normal = tf.reshape(normal, [-1, 4])
    with tf.control_dependencies([getattr(write, "op", write) for write in writes]):
        hidden = tf.identity(normal, name="normal")
    with tf.control_dependencies([hidden]):
        return tf.add(hidden, state.read_value(), name="sum")


class _Descending(tf.Module):
    """What is computed goes down a gradient, in training and after."""

    def __init__(self, net):
        super().__init__()
        self.weights = tf.Variable(net.draw(5, 3), name="weights")
        self.state = tf.Variable(net.draw(1, 5), name="state")

    def energy(self, x):
        return tf.reduce_sum(tf.square(tf.sin(x @ self.weights)))

    def go_on(self, x, _):
        start = x + self.state
        with tf.GradientTape() as tape:
            tape.watch(start)
            energy = self.energy(start)
        self.state.assign(tf.reduce_mean(start - 0.1 * tape.gradient(energy, start), 0, keepdims=True))
        return tf.tanh(self.state.read_value())

    def adapt(self, x, _):
        before = self.weights.read_value()
        with tf.GradientTape() as tape:
            energy = self.energy(x)
        self.weights.assign_sub(0.1 * tape.gradient(energy, self.weights))
        adapted = x @ self.weights
        self.weights.assign(before)
        return adapted


@training("saved")
def state_that_goes_down_a_gradient(net):
    """As in a Hamiltonian network; the output reads it after it was written."""
    net.alike = "the model is no other in training"
    module = _Descending(net)
    return module, module.go_on, net.draw(8, 5)


@training("saved")
def weights_adapted_for_one_prediction(net):
    """Training at the time of a test: after the prediction, they are what they were."""
    net.alike = "the model is no other in training"
    module = _Descending(net)
    return module, module.adapt, net.draw(8, 5)
