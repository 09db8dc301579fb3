"""Graphs of TensorFlow 1 as people train them: a recurrent network, a detector's head."""

from case import case
from runtime import np, tf, tf1


def weights(model, name, *shape):
    """A resource variable with values by chance, the same in every run."""
    chance = np.random.default_rng(len(name) + sum(shape))
    return model.resource(name, chance.normal(size=shape) * 0.5)


@case("meta", name="lstm_in_a_while_loop")
@case("pb", name="lstm_in_a_while_loop_from_pb", fails="tuple index out of range")
def lstm(model):
    """An LSTM over six steps, written out, with v1 control flow."""
    x = model.input("x", np.random.default_rng(1).normal(size=(2, 6, 3)))
    kernel, recurrent = weights(model, "kernel", 3, 16), weights(model, "recurrent", 4, 16)
    bias, dense = weights(model, "bias", 16), weights(model, "dense", 4, 2)

    def step(t, hidden, cell, states):
        gates = tf.matmul(x[:, t], kernel) + tf.matmul(hidden, recurrent) + bias
        i, f, o, g = tf.split(gates, 4, axis=1)
        cell = tf.sigmoid(f + 1.0) * cell + tf.sigmoid(i) * tf.tanh(g)
        hidden = tf.sigmoid(o) * tf.tanh(cell)
        return t + 1, hidden, cell, states.write(t, hidden)

    start = (0, tf.zeros((2, 4)), tf.zeros((2, 4)), tf1.TensorArray(tf.float32, 6))
    _, last, _, states = tf1.while_loop(lambda t, *_: t < 6, step, start)
    tf.identity(states.stack(), name="states")
    return [tf.matmul(last, dense, name="y"), tf1.get_default_graph().get_operation_by_name("states")]


@case("meta", name="detector_head")
@case("pb", name="detector_head_from_pb", fails="tuple index out of range")
def detector(model):
    """Boxes and scores from features, the best of each picture without overlaps."""
    features = model.input("features", np.random.default_rng(2).normal(size=(2, 4, 4, 8)))
    boxes_kernel, scores_kernel = weights(model, "boxes", 1, 1, 8, 8), weights(model, "scores", 1, 1, 8, 6)
    anchors = weights(model, "anchors", 32, 4)

    def convolve(kernel, depth):
        return tf.reshape(tf.nn.conv2d(features, kernel, 1, "SAME"), (2, 32, depth))

    def detect(inputs):
        boxes, scores = inputs
        best = tf.reduce_max(scores, axis=1)
        chosen = tf.image.non_max_suppression(boxes, best, 5, 0.3)
        missing = 5 - tf.shape(chosen)[0]
        padded = tf.pad(tf.gather(boxes, chosen), [[0, missing], [0, 0]])
        return tf1.cond(missing > 0, lambda: padded * 1.0, lambda: padded)

    corners = convolve(boxes_kernel, 4) + anchors
    scores = tf.sigmoid(convolve(scores_kernel, 3))
    return tf.identity(tf.map_fn(detect, (corners, scores), fn_output_signature=tf.float32), name="y")
