"""Norms that only look like those of batches, and belong to the model: no byte of them may change."""

from tensorflow.python.training import moving_averages
from tf_keras.src.legacy_tf_layers.normalization import batch_normalization

from model import tf
from training_layers import conv, dense, head, variable
from training_model import tf1, training
from training_transformers import layer_norm


# Stops of gradients and conditions' Identities are in most graphs, and `training-ops` may pass them by.
OTHERS = "--rewrite=inputs,bindings,batch-norm,dropout"


def untouched(net, by="--inference", compared=True):
    """By flags that find nothing to do here, the bytes stay; by all, the numbers do."""
    net.untouched_by = [by]
    net.compared = compared
    net.alike = "nothing is of training"
    return net


def _scaled(x, name):
    with tf1.variable_scope(name):
        depth = x.shape[-1]
        return variable("beta", depth, scale=0.1), variable("gamma", depth, value=1.1), 1e-5


@training("meta", "pb")
def lookalike_instance_norm(net):
    x = conv(untouched(net, OTHERS).input("image", 6, 6, 3), 4, "conv")
    mean, variance = tf1.nn.moments(x, [1, 2], keepdims=True)
    return head(tf.nn.relu(tf.nn.batch_normalization(x, mean, variance, *_scaled(x, "instance_norm"))))


@training()
def lookalike_instance_norm_fused(net):
    """By the op of batch normalisation, over an image whose batch is moved to the channels."""
    x = conv(untouched(net, compared=False).input("image", 6, 6, 3, batch=2), 4, "conv")
    x = tf.reshape(tf.transpose(x, [1, 2, 0, 3]), [1, 6, 6, 8])
    ones, zeros = tf.ones([8]), tf.zeros([8])
    x, _, _ = tf1.nn.fused_batch_norm(x, ones, zeros, is_training=True)
    x = tf.transpose(tf.reshape(x, [6, 6, 2, 4]), [2, 0, 1, 3])
    return head(x)


@training("meta", "pb", resource=True)
def lookalike_layer_norm(net):
    x = dense(untouched(net, OTHERS).input("features", 5), 8, "hidden")
    return dense(layer_norm(x, "LayerNorm"), 3, "logits")


@training()
def lookalike_group_norm(net):
    x = conv(untouched(net, OTHERS).input("image", 6, 6, 3), 4, "conv")
    groups = tf.reshape(x, [-1, 6, 6, 2, 2])
    mean, variance = tf1.nn.moments(groups, [1, 2, 4], keepdims=True)
    x = tf.reshape((groups - mean) * tf1.rsqrt(variance + 1e-5), [-1, 6, 6, 4])
    offset, scale, _ = _scaled(x, "GroupNorm")
    return head(x * scale + offset)


@training()
def lookalike_moments_of_a_batch_as_features(net):
    """Mean and variance of the batch are what a head is told."""
    x = dense(untouched(net, OTHERS).input("features", 5, batch=4), 8, "hidden")
    mean, variance = tf1.nn.moments(x, [0])
    told = tf.concat([x, tf.tile(tf.stack([mean, variance])[None, 0], [4, 1]), tf.tile(variance[None], [4, 1])], 1)
    return dense(told, 3, "logits")


@training()
def lookalike_moments_that_are_averaged_and_read(net):
    """A statistic of the batch moves an average, but it is a feature, and normalises nothing."""
    x = dense(untouched(net).input("features", 5, batch=4), 8, "hidden")
    mean = tf.reduce_mean(x, 0)
    average = variable("moving_mean", 8, value=0, trainable=False)
    moving_averages.assign_moving_average(average, mean, 0.9, zero_debias=False)
    return dense(tf.concat([x, tf.tile(mean[None], [4, 1])], 1), 3, "logits")


@training("meta", "pb", resource=True)
def lookalike_mean_of_all_batches(net):
    """A metric: sum and count of all that ever came, whose quotient is given out, too."""
    x = dense(untouched(net, OTHERS).input("features", 5), 8, "hidden")
    total = variable("total", value=3.0, trainable=False)
    count = variable("count", value=2.0, trainable=False)
    writes = [total.assign(total + tf.reduce_sum(x)), count.assign(count + tf.cast(tf.size(x), tf.float32))]
    with tf.control_dependencies([each.op for each in writes]):
        mean = tf.math.divide_no_nan(total.read_value(), count.read_value())
    return dense(x - mean, 3, "logits")


@training()
def lookalike_renormalised_batch(net):
    """What the batch is corrected by is computed from its statistics, too: without them it would be another model."""
    x = conv(untouched(net, OTHERS, compared=False).input("image", 6, 6, 3), 4, "conv")
    clipping = {"rmax": 1.05, "rmin": 0.95, "dmax": 0.05}
    return head(batch_normalization(x, training=True, renorm=True, renorm_clipping=clipping))


@training()
def lookalike_standardised_features(net):
    """By mean and variance of the features of an example."""
    x = untouched(net).input("features", 5)
    mean = tf.reduce_mean(x, 1, keepdims=True)
    deviation = tf.sqrt(tf.reduce_mean(tf.math.squared_difference(x, mean), 1, keepdims=True) + 1e-6)
    return dense((x - mean) / deviation, 3, "logits")


@training()
def lookalike_standardised_by_the_batch(net):
    """A contrast of the batch with itself, without any average."""
    x = dense(untouched(net, OTHERS).input("features", 5), 8, "hidden")
    mean, variance = tf1.nn.moments(x, [0])
    return dense((x - mean) * tf1.rsqrt(variance + 1e-3), 3, "logits")


@training()
def lookalike_sums_of_all_replicas(net):
    """A contrast of the batch with itself, by sums that are all-reduced, and no averages of them."""
    x = dense(untouched(net, OTHERS).input("features", 5), 8, "hidden")
    add_up = lambda given: tf.distribute.get_replica_context().all_reduce("SUM", tf.reduce_sum(given, 0))
    count = add_up(tf.ones_like(x))
    mean = tf.math.divide_no_nan(add_up(x), count)
    variance = tf.maximum(tf.math.divide_no_nan(add_up(x * x), count) - tf.square(mean), 0)
    return dense((x - mean) * tf1.rsqrt(variance + 1e-3), 3, "logits")
