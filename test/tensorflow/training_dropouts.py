"""Dropout in each of its forms, and noise."""

from model import np, tf
from training_layers import dense
from training_model import tf1, training


def _classify(net, drop, first=None):
    """A hidden layer with `drop` behind it while the graph is trained."""
    x = tf.nn.relu(dense(net.input("features", 5) if first is None else first, 8, "hidden"))
    logits = dense(drop(x) if net.training else x, 3, "logits")
    net.minimize(logits)
    return logits


@training("meta", "pb")
def dropout_of_tensorflow_1(net):
    return _classify(net, lambda x: tf1.nn.dropout(x, keep_prob=0.6))


@training()
def dropout_of_early_tensorflow_1(net):
    """Before 1.13: `x / keep_prob * floor(keep_prob + random_uniform)`."""

    def drop(x):
        kept = tf.constant(0.6, name="keep_prob")
        with tf1.name_scope("dropout"):
            noise = kept + tf1.random_uniform(tf.shape(x), seed=3)
            return tf.multiply(tf1.div(x, kept), tf.floor(noise), name="mul")

    return _classify(net, drop)


@training()
def dropout_by_kept_share(net):
    """Told by a placeholder, which nothing needs in the end."""

    def drop(x):
        return tf1.nn.dropout(x, keep_prob=net.fed_in_training(tf1.placeholder(tf.float32, [], "keep_prob"), 0.6))

    return _classify(net, drop)


@training()
def dropout_by_bound_share(net):
    net.flags.append("--bind=keep_prob=1.0")

    def drop(x):
        return tf1.nn.dropout(x, keep_prob=net.fed_in_training(tf1.placeholder(tf.float32, [], "keep_prob"), 0.6))

    return _classify(net, drop)


@training()
def dropout_of_early_kind_by_placeholder(net):
    def drop(x):
        kept = net.fed_in_training(tf1.placeholder(tf.float32, [], "keep_prob"), 0.6)
        return tf1.div(x, kept) * tf.floor(kept + tf1.random_uniform(tf.shape(x)))

    return _classify(net, drop)


@training(resource=True)
def dropout_by_rate(net):
    return _classify(net, lambda x: tf.nn.dropout(x, rate=0.4))


@training(resource=True)
def dropout_by_rate_of_placeholder(net):
    rate = lambda: net.fed_in_training(tf1.placeholder_with_default(0.4, [], "rate"), 0.5)
    return _classify(net, lambda x: tf.nn.dropout(x, rate=rate()))


@training()
def dropout_in_a_cond(net):
    """By a switch: only the training branch drops."""
    net.flags.append("--bind=is_training=false")
    return _classify(net, lambda x: tf1.cond(net.switch(), lambda: tf1.nn.dropout(x, 0.6), lambda: tf.identity(x)))


@training(resource=True)
def dropout_without_state(net):
    drop = tf.nn.experimental.stateless_dropout
    return _classify(net, lambda x: drop(x, rate=0.4, seed=[1, 2]))


@training(resource=True)
def dropout_of_the_philox_generator(net):
    drop = tf.nn.experimental.stateless_dropout
    return _classify(net, lambda x: drop(x, rate=0.4, seed=[1, 2], rng_alg="philox"))


@training()
def dropout_by_rounding(net):
    """A choice of ones, integers that chance rounds up, and a limit for each element, one behind the other."""

    def drop(x):
        numbers = lambda: tf1.random_uniform(tf.shape(x))
        x = tf.nn.elu(x * tf.where(numbers() < 0.6, tf.ones_like(x), tf.zeros_like(x)) * (1 / 0.6))
        x = tf.nn.elu(x * tf.cast(tf.cast(tf.math.ceil(numbers() - 0.4), tf.int32), tf.float32) / 0.6)
        kept = tf.cast(tf.greater(tf.fill(tf.shape(x), 0.6), numbers()), tf.uint8)
        return tf.math.multiply_no_nan(x / 0.6, tf.cast(kept, tf.float32))

    return _classify(net, drop)


@training()
def dropout_of_a_sparse_tensor(net):
    """As graph convolutions drop edges: `sparse_retain`, and a scale."""
    weights = np.eye(8, dtype=np.float32) + np.triu(np.full([8, 8], 0.3, np.float32))
    edges = tf.sparse.from_dense(tf.constant(weights))
    if net.training:
        kept = tf.cast(tf.floor(0.6 + tf1.random_uniform([tf.shape(edges.values)[0]])), tf.bool)
        edges = tf1.sparse_retain(edges, kept) * (1.0 / 0.6)
    x = dense(net.input("features", 5), 8, "hidden")
    logits = dense(tf1.sparse_tensor_dense_matmul(edges, x), 3, "logits")
    net.minimize(logits)
    return logits


@training()
def dropout_of_the_input(net):
    features = net.input("features", 5)
    return _classify(net, tf.identity, tf1.nn.dropout(features, 0.8) if net.training else features)


@training()
def dropout_of_channels(net):
    """Spatial: one draw a channel."""
    x = net.input("sequence", 7, 4)
    if net.training:
        x = tf1.nn.dropout(x, keep_prob=0.6, noise_shape=[tf.shape(x)[0], 1, 4])
    logits = dense(tf.reduce_sum(tf.nn.relu(x), 1), 3, "logits")
    net.minimize(logits)
    return logits


@training()
def dropout_of_halves(net):
    net.rtol, net.atol = 2e-2, 2e-2
    return _classify(net, lambda x: tf.cast(tf1.nn.dropout(tf.cast(x, tf.float16), 0.6), tf.float32))


@training()
def dropout_of_attention(net):
    """Two dropouts, one of them behind a softmax."""
    x = net.input("sequence", 6, 4)
    drop = lambda tensor: tf1.nn.dropout(tensor, keep_prob=0.8) if net.training else tensor
    scores = drop(tf.nn.softmax(tf.matmul(x, x, transpose_b=True) / np.float32(2)))
    logits = dense(tf.reduce_mean(drop(tf.matmul(scores, x)), 1), 3, "logits")
    net.minimize(logits)
    return logits
