"""Chance and branches that only look like those of training, and belong to the model: no byte of them may change."""

from model import np, tf
from training_layers import dense, variable
from training_lookalike_norms import OTHERS, untouched
from training_model import tf1, training


@training("meta", "pb")
def lookalike_sampler_of_a_vae(net):
    x = dense(untouched(net, compared=False).input("features", 5), 8, "hidden")
    mean, spread = dense(x, 2, "mean"), dense(x, 2, "log_variance")
    sample = mean + tf.exp(spread * 0.5) * tf1.random_normal(tf.shape(mean))
    return dense(sample, 5, "decoded")


@training(resource=True)
def lookalike_sampler_without_state(net):
    x = dense(untouched(net, compared=False).input("features", 5), 8, "hidden")
    mean, spread = dense(x, 2, "mean"), dense(x, 2, "log_variance")
    noise = tf.random.stateless_normal(tf.shape(mean), seed=[1, 2])
    return dense(mean + tf.nn.softplus(spread) * noise, 5, "decoded")


@training()
def lookalike_noise_of_a_generator(net):
    """A GAN's generator that draws its own input."""
    untouched(net, compared=False)
    noise = tf1.random_uniform([4, 6], -1, 1, name="z")
    return tf.tanh(dense(tf.nn.relu(dense(noise, 8, "hidden")), 5, "generated"))


@training()
def lookalike_threshold(net):
    """What is kept depends on the data, not on chance."""
    x = dense(untouched(net).input("features", 5), 8, "hidden")
    scaled = x * 2.0
    kept = tf.where(x >= 0.5, scaled, tf.zeros_like(scaled))
    floored = x / 0.5 * tf.floor(0.5 + tf.sigmoid(x))
    cast = x * 2.0 * tf.cast(tf.greater_equal(tf.sigmoid(x), 0.5), tf.float32)
    return dense(tf.concat([kept, floored, cast], 1), 3, "logits")


@training()
def lookalike_mask_by_the_data(net):
    """Sampling with importance weights: the share that is kept is computed from the data."""
    x = dense(untouched(net, compared=False).input("features", 5), 8, "hidden")
    share = tf.sigmoid(x)
    kept = tf.cast(tf1.random_uniform(tf.shape(x)) < share, tf.float32)
    return dense(x * kept / share, 3, "logits")


@training()
def lookalike_signs_by_chance(net):
    x = dense(untouched(net, compared=False).input("features", 5), 8, "hidden")
    mask = tf.cast(tf1.random_uniform(tf.shape(x)) < 0.5, tf.float32)
    return dense(x * mask * 2.0 - x, 3, "logits")


@training()
def lookalike_random_mask_that_is_given_back(net):
    """The mask hides inputs, and the model is told which: masked modelling."""
    x = untouched(net, compared=False).input("features", 5)
    mask = tf.cast(tf1.random_uniform(tf.shape(x)) >= 0.5, tf.float32)
    return [tf.identity(mask, name="mask"), dense(tf.concat([x * mask, mask], 1), 5, "restored")]


@training()
def lookalike_mask_whose_numbers_are_read(net):
    """It is scaled as that of dropout, and the model sees the numbers that it is made of."""
    x = dense(untouched(net, compared=False).input("features", 5), 8, "hidden")
    numbers = tf1.random_uniform(tf.shape(x))
    dropped = x * 2.0 * tf.cast(numbers >= 0.5, tf.float32)
    return dense(dropped + numbers, 3, "logits")


@training()
def lookalike_product_with_chance(net):
    """What Gaussian dropout computes, and a sampler whose spread is a part of its mean: no layer of Keras, no flag."""
    x = dense(untouched(net, compared=False).input("features", 5), 8, "hidden")
    return dense(x * tf1.random_normal(tf.shape(x), mean=1.0, stddev=0.5), 3, "logits")


@training()
def lookalike_stochastic_rounding(net):
    """Chance decides how a number is rounded."""
    x = dense(untouched(net, compared=False).input("features", 5), 8, "hidden")
    return dense(tf.floor(x * 8.0 + tf1.random_uniform(tf.shape(x))) / 8.0, 3, "logits")


@training("meta", "pb")
def lookalike_switch_on_data(net):
    x = dense(untouched(net, OTHERS).input("features", 5), 8, "hidden")
    large = tf.reduce_mean(x) > 0.0
    return dense(tf1.cond(large, lambda: x * 2.0, lambda: tf.nn.relu(x)), 3, "logits")


@training(resource=True, control_flow_v2=True)
def lookalike_switch_on_data_in_functions(net):
    x = dense(untouched(net, OTHERS).input("features", 5), 8, "hidden")
    large = tf.reduce_mean(x) > 0.0
    return dense(tf1.cond(large, lambda: x * 2.0, lambda: tf.nn.relu(x)), 3, "logits")


@training()
def lookalike_switch_that_callers_feed(net):
    """A boolean that chooses between two ways of serving; neither has to do with training."""
    x = dense(untouched(net, OTHERS).input("features", 5), 8, "hidden")
    flip = tf1.placeholder_with_default(False, [], name="with_details")
    return dense(tf1.cond(flip, lambda: x * 2.0, lambda: tf.nn.relu(x)), 3, "logits")


@training()
def lookalike_state_that_the_model_keeps(net):
    """A count that the output is made of: an update, but not of training."""
    x = dense(untouched(net, compared=False).input("features", 5), 3, "hidden")
    seen = variable("seen", 3, value=0, trainable=False)
    return tf.identity(x + tf1.assign_add(seen, np.ones(3, np.float32)), name="logits")


@training(resource=True)
def lookalike_state_that_callers_begin_anew(net):
    """A model of streams: a flag that writes to a variable, and does not train it."""
    x = dense(untouched(net, OTHERS, compared=False).input("features", 5), 3, "hidden")
    state = variable("state", 3, value=2, trainable=False)
    reset = tf1.placeholder_with_default(False, [], name="reset")

    def anew():
        with tf.control_dependencies([tf1.assign(state, np.zeros(3, np.float32))]):
            return tf.zeros(3)

    return tf.identity(x + tf1.cond(reset, anew, lambda: tf.identity(state.read_value())), name="logits")


@training()
def lookalike_gradient_that_the_model_computes(net):
    """It goes down the gradient of an energy, and keeps where it got to: that is no step of an optimiser."""
    x = untouched(net, compared=False).input("features", 5, batch=2)
    seen = variable("seen", 2, 5, value=0.5, trainable=False)
    start = x + seen
    energy = tf.reduce_sum(tf.square(tf.tanh(dense(start, 3, "hidden"))))
    lower = start - 0.1 * tf1.gradients(energy, start)[0]
    with tf.control_dependencies([tf1.assign(seen, lower)]):
        return tf.identity(lower, name="lower")


@training()
def lookalike_level_of_each_example(net):
    """A moving average over the time of an example, as of a gain that adapts: it is not one over examples."""
    x = untouched(net, compared=False).input("sound", 7, batch=2)
    level = variable("level", 2, value=1, trainable=False)
    level = tf1.assign(level, 0.9 * level + 0.1 * tf.reduce_mean(tf.square(x), 1))
    return tf.divide(x, tf.sqrt(level)[:, None], name="logits")
