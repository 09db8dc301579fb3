"""Batch normalisation by moments and moving averages, as slim and hand-written layers have it."""

from tensorflow.python.training import moving_averages

from model import tf
from training_layers import conv, dense, head, variable
from training_model import tf1, training


def slim_norm(net, x, name, axes=(0, 1, 2), updates="collection", zero_debias=False, decay=0.7, keeps=True):
    """What slim's `batch_norm` makes when it is not fused."""
    with tf1.variable_scope(name):
        depth = x.shape[-1]
        beta, gamma = variable("beta", depth, scale=0.2), variable("gamma", depth, value=1.1)
        moving = [
            variable("moving_mean", depth, value=0, trainable=False),
            variable("moving_variance", depth, value=1, trainable=False),
        ]
        if not net.training:
            return tf.nn.batch_normalization(x, *moving, beta, gamma, 1e-3)
        moments = tf1.nn.moments(x, list(axes))
        if not keeps:
            return tf.nn.batch_normalization(x, *moments, beta, gamma, 1e-3)
        assigned = [
            moving_averages.assign_moving_average(average, moment, decay, zero_debias)
            for average, moment in zip(moving, moments)
        ]
        if updates == "collection":
            for each in assigned:
                tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, each)
        else:
            # `updates_collections=None`: the moments wait for the updates.
            with tf.control_dependencies(assigned):
                moments = [tf.identity(each) for each in moments]
        return tf.nn.batch_normalization(x, *moments, beta, gamma, 1e-3)


def _classify(net, **options):
    x = tf.nn.relu(slim_norm(net, conv(net.input("image", 6, 6, 3), 4, "conv"), "conv/BatchNorm", **options))
    logits = head(x)
    net.minimize(logits)
    return logits


@training("meta", "pb")
def slim_batch_norm(net):
    return _classify(net)


@training(resource=True)
def slim_batch_norm_of_resources(net):
    return _classify(net)


@training()
def slim_batch_norm_updated_at_once(net):
    return _classify(net, updates=None)


@training()
def slim_batch_norm_without_bias_to_zero(net):
    return _classify(net, zero_debias=True)


@training(resource=True)
def slim_batch_norm_of_features(net):
    x = dense(net.input("features", 5), 6, "hidden")
    logits = dense(tf.nn.relu(slim_norm(net, x, "norm", axes=[0])), 3, "logits")
    net.minimize(logits)
    return logits


@training()
def slim_batch_norm_fused(net):
    """slim's fused form: the op's own batch statistics are what is averaged."""
    x = conv(net.input("image", 6, 6, 3), 4, "conv")
    with tf1.variable_scope("conv/BatchNorm"):
        beta, gamma = variable("beta", 4, scale=0.2), variable("gamma", 4, value=1.1)
        average = lambda name, first: variable(name, 4, value=first, trainable=False)
        mean, variance = average("moving_mean", 0), average("moving_variance", 1)
        if net.training:
            x, batch_mean, batch_variance = tf1.nn.fused_batch_norm(x, gamma, beta, epsilon=1e-3, is_training=True)
            for moving, batch in ((mean, batch_mean), (variance, batch_variance)):
                update = moving_averages.assign_moving_average(moving, batch, 0.7, zero_debias=False)
                tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, update)
        else:
            x = tf1.nn.fused_batch_norm(x, gamma, beta, mean, variance, 1e-3, is_training=False)[0]
    logits = head(tf.nn.relu(x))
    net.minimize(logits)
    return logits


@training()
def ema_batch_norm_by_placeholder(net):
    """The form of many tutorials: ExponentialMovingAverage over the batch's moments, and a cond that chooses."""
    net.flags.append("--bind=phase_train=false")
    x = conv(net.input("image", 6, 6, 3), 4, "conv")
    is_training = net.switch("phase_train")
    with tf1.variable_scope("bn"):
        beta, gamma = variable("beta", 4, value=0.1), variable("gamma", 4, value=0.9)
        if net.training:
            mean, variance = tf1.nn.moments(x, [0, 1, 2], name="moments")
            ema = tf.train.ExponentialMovingAverage(0.7)

            def updated():
                with tf.control_dependencies([ema.apply([mean, variance])]):
                    return tf.identity(mean), tf.identity(variance)

            mean, variance = tf1.cond(is_training, updated, lambda: (ema.average(mean), ema.average(variance)))
        else:
            mean = variable("bn/moments/Squeeze/ExponentialMovingAverage", 4, trainable=False)
            variance = variable("bn/moments/Squeeze_1/ExponentialMovingAverage", 4, trainable=False)
    logits = head(tf.nn.relu(tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-3)))
    net.minimize(logits)
    return logits


@training()
def towers_that_share_a_norm(net):
    """Two towers read the same variables, and each updates the moving averages with its half of the batch."""
    image = net.input("image", 6, 6, 3)
    halves = tf.split(image, 2) if net.training else [image]
    outputs = []
    for tower, half in enumerate(halves):
        with tf1.variable_scope("net", reuse=tower > 0), tf1.name_scope(f"tower_{tower}"):
            outputs.append(head(tf.nn.relu(slim_norm(net, conv(half, 4, "conv"), "conv/BatchNorm"))))
    logits = tf.concat(outputs, 0, name="all_logits") if net.training else tf.identity(outputs[0], name="all_logits")
    net.minimize(logits)
    return logits


@training()
def two_norms_of_one_name_scope(net):
    """A deeper network, whose second normalisation reads what the first one wrote."""
    x = slim_norm(net, conv(net.input("image", 6, 6, 3), 4, "block1/conv"), "block1/conv/BatchNorm")
    x = conv(tf.nn.relu(x), 5, "block2/conv", strides=2)
    logits = head(tf.nn.relu(slim_norm(net, x, "block2/conv/BatchNorm", updates=None)))
    net.minimize(logits)
    return logits


@training()
def towers_of_which_one_keeps_averages(net):
    """Both read the same scale and offset; the output is that of the tower without updates."""
    image = net.input("image", 6, 6, 3)
    outputs = []
    for tower in range(2):
        with tf1.variable_scope("net", reuse=tower > 0), tf1.name_scope(f"tower_{tower}"):
            x = slim_norm(net, conv(image, 4, "conv"), "conv/BatchNorm", keeps=tower == 0)
            outputs.append(head(tf.nn.relu(x)))
    net.minimize(outputs[0])
    return tf.identity(outputs[1], name="second_logits")


@training(resource=True)
def norm_over_towers(net):
    """Moments that are averaged over two towers, which both normalise by them and share their averages."""
    image = net.input("image", 6, 6, 3)
    with tf1.variable_scope("net", reuse=tf1.AUTO_REUSE):
        parts = [conv(each, 4, "conv") for each in (tf.split(image, 2) if net.training else [image])]
    mean, variance = variable("mean", 4, value=0, trainable=False), variable("variance", 4, value=1, trainable=False)
    parameters = variable("beta", 4, scale=0.2), variable("gamma", 4, value=1.1), 1e-3
    if net.training:
        both = [tf.add_n([tf.reduce_mean(part**power, [0, 1, 2]) for part in parts]) / 2.0 for power in (1, 2)]
        moments = both[0], both[1] - tf.square(both[0])
        for average, moment in zip((mean, variance), moments):
            update = moving_averages.assign_moving_average(average, moment, 0.7, zero_debias=False)
            tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, update)
        mean, variance = moments
    parts = [tf.nn.batch_normalization(part, mean, variance, *parameters) for part in parts]
    logits = head(tf.nn.relu(tf.concat(parts, 0) if net.training else parts[0]))
    net.minimize(logits)
    return logits


def _shared(net, together):
    """Statistics of all replicas, of which there is one, by a single all-reduce of the mean and the mean square."""
    x = conv(net.input("image", 6, 6, 3), 4, "conv")
    mean, variance = variable("mean", 4, value=0, trainable=False), variable("variance", 4, value=1, trainable=False)
    parameters = variable("beta", 4, scale=0.2), variable("gamma", 4, value=1.1), 1e-3
    if net.training:
        mine, spread = tf1.nn.moments(x, [0, 1, 2])
        shared, raw = together(mine, spread + tf.square(mine))
        moments = shared, raw - tf.square(shared)
        for average, moment in zip((mean, variance), moments):
            tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, tf1.assign_sub(average, (average - moment) * 0.3))
        mean, variance = moments
    logits = head(tf.nn.relu(tf.nn.batch_normalization(x, mean, variance, *parameters)))
    net.minimize(logits)
    return logits


def _add_up(tensor):
    options = dict(group_size=1, group_key=1, instance_key=1, merge_op="Add", final_op="Id", subdiv_offsets=[0])
    # The op has no gradient.
    return tf.stop_gradient(tf.raw_ops.CollectiveReduce(input=tensor, **options)) / 1.0


@training(resource=True)
def norm_of_replicas_by_a_stack(net):
    """As in Horovod."""
    return _shared(net, lambda *both: tf.unstack(_add_up(tf.stack(both))))


@training()
def norm_of_replicas_by_a_concatenation(net):
    return _shared(net, lambda *both: tf.split(_add_up(tf.concat(both, 0)), 2))


@training()
def norm_of_replicas_by_slices(net):
    def together(*both):
        joined = _add_up(tf.concat(both, 0))
        return joined[:4], joined[4:]

    return _shared(net, together)


def _quantised(net):
    """What `tf.contrib.quantize` makes: the range of activations is the average that was just updated."""
    x = tf.nn.relu(dense(net.input("features", 5), 6, "hidden"))
    lowest, highest = variable("min", value=-1, trainable=False), variable("max", value=6, trainable=False)
    if net.training:
        ends = tf.minimum(tf.reduce_min(x), 0.0), tf.maximum(tf.reduce_max(x), 0.0)
        lowest, highest = [
            moving_averages.assign_moving_average(average, end, 0.7, zero_debias=False)
            for average, end in zip((lowest, highest), ends)
        ]
    logits = dense(tf.quantization.fake_quant_with_min_max_vars(x, lowest, highest), 3, "logits")
    net.minimize(logits)
    return logits


@training()
def quantised_by_the_updated_range(net):
    return _quantised(net)


@training(resource=True)
def quantised_by_the_updated_range_of_resources(net):
    return _quantised(net)
