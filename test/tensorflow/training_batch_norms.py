"""Batch normalisation by the layers of TensorFlow 1, in every way of saying whether it trains."""

from tf_keras.src.legacy_tf_layers.normalization import batch_normalization

from model import tf
from training_layers import conv, dense, head
from training_model import tf1, training


def _classify(net, is_training, **options):
    """A convolution and a dense layer, each with a normalisation."""
    x = conv(net.input("image", 6, 6, 3), 4, "conv")
    x = tf.nn.relu(batch_normalization(x, training=is_training, momentum=0.7, name="norm", **options))
    logits = head(x)
    net.minimize(logits)
    return logits


@training("meta", "pb")
def layers_batch_norm(net):
    return _classify(net, net.training)


@training("meta", "pbtxt", resource=True)
def layers_batch_norm_of_resources(net):
    return _classify(net, net.training)


@training(resource=True)
def layers_batch_norm_decomposed(net):
    return _classify(net, net.training, fused=False)


@training()
def layers_batch_norm_decomposed_by_placeholder(net):
    net.flags.append("--bind=is_training=false")
    return _classify(net, net.switch(), fused=False)


@training()
def layers_batch_norm_by_placeholder(net):
    net.flags.append("--bind=is_training=false")
    return _classify(net, net.switch())


@training(resource=True, control_flow_v2=True)
def layers_batch_norm_by_placeholder_in_functions(net):
    net.flags.append("--bind=is_training=false")
    return _classify(net, net.switch())


@training()
def layers_batch_norm_without_binding(net):
    """The placeholder decides nothing but training, so nobody has to name it."""
    return _classify(net, net.switch())


@training(resource=True)
def layers_batch_norm_by_default(net):
    is_training = tf1.placeholder_with_default(True, [], name="is_training") if net.training else False
    return _classify(net, is_training)


@training()
def layers_batch_norm_by_false_default(net):
    """A graph that is exported for both: without a binding the default would do."""
    is_training = False
    if net.training:
        is_training = net.fed_in_training(tf1.placeholder_with_default(False, [], name="phase_train"), True)
    return _classify(net, is_training)


@training()
def layers_batch_norm_by_variable(net):
    """The switch is a variable, whose last value is that of training."""
    net.flags.append("--bind=is_training=false")
    is_training = tf1.get_variable("is_training", initializer=True, trainable=False) if net.training else False
    return _classify(net, is_training)


@training(resource=True)
def layers_batch_norm_of_channels_first(net):
    x = tf.transpose(conv(net.input("image", 6, 6, 3), 4, "conv"), [0, 3, 1, 2])
    x = batch_normalization(x, axis=1, training=net.training, momentum=0.7, name="norm", fused=False)
    logits = dense(tf.reduce_mean(tf.nn.relu(x), [2, 3]), 3, "logits")
    net.minimize(logits)
    return logits


@training()
def layers_batch_norm_fused_of_channels_first(net):
    x = tf.transpose(conv(net.input("image", 6, 6, 3), 4, "conv"), [0, 3, 1, 2])
    x = batch_normalization(x, axis=1, training=net.training, momentum=0.7, name="norm", fused=True)
    logits = dense(tf.reduce_mean(tf.nn.relu(x), [2, 3]), 3, "logits")
    net.minimize(logits)
    return logits


@training(resource=True)
def layers_batch_norm_of_features(net):
    """Not of an image: two axes, without scale."""
    x = dense(net.input("features", 5), 6, "hidden")
    x = batch_normalization(x, training=net.training, momentum=0.7, scale=False, name="norm")
    logits = dense(tf.nn.relu(x), 3, "logits")
    net.minimize(logits)
    return logits


@training(resource=True)
def layers_batch_norm_of_halves(net):
    net.rtol, net.atol = 2e-2, 2e-2
    x = tf.cast(conv(net.input("image", 6, 6, 3), 4, "conv"), tf.float16)
    x = batch_normalization(x, training=net.training, momentum=0.7, name="norm", fused=True)
    logits = head(tf.nn.relu(tf.cast(x, tf.float32)))
    net.minimize(logits)
    return logits
