"""What only looks like training, and belongs to the model: nothing of it may change by a byte, nor may its numbers."""

from tensorflow.python.training import moving_averages
from tf_keras.src.legacy_tf_layers.normalization import batch_normalization

from model import np, tf
from training_model import conv, dense, head, tf1, training, variable
from training_transformers import layer_norm


# Stops of gradients and conditions' Identities are in most graphs, and `training-ops` may pass them by.
OTHERS = "--rewrite=inputs,bindings,batch-norm,dropout"


def _untouched(net, by="--inference", compared=True):
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
    x = conv(_untouched(net, OTHERS).input("image", 6, 6, 3), 4, "conv")
    mean, variance = tf1.nn.moments(x, [1, 2], keepdims=True)
    return head(tf.nn.relu(tf.nn.batch_normalization(x, mean, variance, *_scaled(x, "instance_norm"))))


@training()
def lookalike_instance_norm_fused(net):
    """By the op of batch normalisation, over an image whose batch is moved to the channels."""
    x = conv(_untouched(net, compared=False).input("image", 6, 6, 3, batch=2), 4, "conv")
    x = tf.reshape(tf.transpose(x, [1, 2, 0, 3]), [1, 6, 6, 8])
    ones, zeros = tf.ones([8]), tf.zeros([8])
    x, _, _ = tf1.nn.fused_batch_norm(x, ones, zeros, is_training=True)
    x = tf.transpose(tf.reshape(x, [6, 6, 2, 4]), [2, 0, 1, 3])
    return head(x)


@training("meta", "pb", resource=True)
def lookalike_layer_norm(net):
    x = dense(_untouched(net, OTHERS).input("features", 5), 8, "hidden")
    return dense(layer_norm(x, "LayerNorm"), 3, "logits")


@training()
def lookalike_group_norm(net):
    x = conv(_untouched(net, OTHERS).input("image", 6, 6, 3), 4, "conv")
    groups = tf.reshape(x, [-1, 6, 6, 2, 2])
    mean, variance = tf1.nn.moments(groups, [1, 2, 4], keepdims=True)
    x = tf.reshape((groups - mean) * tf1.rsqrt(variance + 1e-5), [-1, 6, 6, 4])
    offset, scale, _ = _scaled(x, "GroupNorm")
    return head(x * scale + offset)


@training()
def lookalike_moments_of_a_batch_as_features(net):
    """Mean and variance of the batch are what a head is told."""
    x = dense(_untouched(net, OTHERS).input("features", 5, batch=4), 8, "hidden")
    mean, variance = tf1.nn.moments(x, [0])
    told = tf.concat([x, tf.tile(tf.stack([mean, variance])[None, 0], [4, 1]), tf.tile(variance[None], [4, 1])], 1)
    return dense(told, 3, "logits")


@training()
def lookalike_moments_that_are_averaged_and_read(net):
    """A statistic of the batch moves an average, but it is a feature, and normalises nothing."""
    x = dense(_untouched(net).input("features", 5, batch=4), 8, "hidden")
    mean = tf.reduce_mean(x, 0)
    average = variable("moving_mean", 8, value=0, trainable=False)
    moving_averages.assign_moving_average(average, mean, 0.9, zero_debias=False)
    return dense(tf.concat([x, tf.tile(mean[None], [4, 1])], 1), 3, "logits")


@training()
def lookalike_renormalised_batch(net):
    """What the batch is corrected by is computed from its statistics, too: without them it would be another model."""
    x = conv(_untouched(net, OTHERS, compared=False).input("image", 6, 6, 3), 4, "conv")
    clipping = {"rmax": 1.05, "rmin": 0.95, "dmax": 0.05}
    return head(batch_normalization(x, training=True, renorm=True, renorm_clipping=clipping))


@training()
def lookalike_standardised_features(net):
    """By mean and variance of the features of an example."""
    x = _untouched(net).input("features", 5)
    mean = tf.reduce_mean(x, 1, keepdims=True)
    deviation = tf.sqrt(tf.reduce_mean(tf.math.squared_difference(x, mean), 1, keepdims=True) + 1e-6)
    return dense((x - mean) / deviation, 3, "logits")


@training()
def lookalike_standardised_by_the_batch(net):
    """A contrast of the batch with itself, without any average."""
    x = dense(_untouched(net, OTHERS).input("features", 5), 8, "hidden")
    mean, variance = tf1.nn.moments(x, [0])
    return dense((x - mean) * tf1.rsqrt(variance + 1e-3), 3, "logits")


@training("meta", "pb")
def lookalike_sampler_of_a_vae(net):
    x = dense(_untouched(net, compared=False).input("features", 5), 8, "hidden")
    mean, spread = dense(x, 2, "mean"), dense(x, 2, "log_variance")
    sample = mean + tf.exp(spread * 0.5) * tf1.random_normal(tf.shape(mean))
    return dense(sample, 5, "decoded")


@training(resource=True)
def lookalike_sampler_without_state(net):
    x = dense(_untouched(net, compared=False).input("features", 5), 8, "hidden")
    mean, spread = dense(x, 2, "mean"), dense(x, 2, "log_variance")
    noise = tf.random.stateless_normal(tf.shape(mean), seed=[1, 2])
    return dense(mean + tf.nn.softplus(spread) * noise, 5, "decoded")


@training()
def lookalike_noise_of_a_generator(net):
    """A GAN's generator that draws its own input."""
    _untouched(net, compared=False)
    noise = tf1.random_uniform([4, 6], -1, 1, name="z")
    return tf.tanh(dense(tf.nn.relu(dense(noise, 8, "hidden")), 5, "generated"))


@training()
def lookalike_threshold(net):
    """What is kept depends on the data, not on chance."""
    x = dense(_untouched(net).input("features", 5), 8, "hidden")
    scaled = x * 2.0
    kept = tf.where(x >= 0.5, scaled, tf.zeros_like(scaled))
    floored = x / 0.5 * tf.floor(0.5 + tf.sigmoid(x))
    cast = x * 2.0 * tf.cast(tf.greater_equal(tf.sigmoid(x), 0.5), tf.float32)
    return dense(tf.concat([kept, floored, cast], 1), 3, "logits")


@training()
def lookalike_random_mask_that_is_given_back(net):
    """The mask hides inputs, and the model is told which: masked modelling."""
    x = _untouched(net, compared=False).input("features", 5)
    mask = tf.cast(tf1.random_uniform(tf.shape(x)) >= 0.5, tf.float32)
    return [tf.identity(mask, name="mask"), dense(tf.concat([x * mask, mask], 1), 5, "restored")]


@training()
def lookalike_stochastic_rounding(net):
    """Chance decides how a number is rounded."""
    x = dense(_untouched(net, compared=False).input("features", 5), 8, "hidden")
    return dense(tf.floor(x * 8.0 + tf1.random_uniform(tf.shape(x))) / 8.0, 3, "logits")


@training("meta", "pb")
def lookalike_switch_on_data(net):
    x = dense(_untouched(net, OTHERS).input("features", 5), 8, "hidden")
    large = tf.reduce_mean(x) > 0.0
    return dense(tf1.cond(large, lambda: x * 2.0, lambda: tf.nn.relu(x)), 3, "logits")


@training(resource=True, control_flow_v2=True)
def lookalike_switch_on_data_in_functions(net):
    x = dense(_untouched(net, OTHERS).input("features", 5), 8, "hidden")
    large = tf.reduce_mean(x) > 0.0
    return dense(tf1.cond(large, lambda: x * 2.0, lambda: tf.nn.relu(x)), 3, "logits")


@training()
def lookalike_switch_that_callers_feed(net):
    """A boolean that chooses between two ways of serving; neither has to do with training."""
    x = dense(_untouched(net, OTHERS).input("features", 5), 8, "hidden")
    flip = tf1.placeholder_with_default(False, [], name="with_details")
    return dense(tf1.cond(flip, lambda: x * 2.0, lambda: tf.nn.relu(x)), 3, "logits")


@training()
def lookalike_state_that_the_model_keeps(net):
    """A count that the output is made of: an update, but not of training."""
    x = dense(_untouched(net, compared=False).input("features", 5), 3, "hidden")
    seen = variable("seen", 3, value=0, trainable=False)
    return tf.identity(x + tf1.assign_add(seen, np.ones(3, np.float32)), name="logits")
