"""What switches a whole model between training and inference."""

from tf_keras.src.legacy_tf_layers.normalization import batch_normalization

from model import tf
from training_decomposed import slim_norm
from training_layers import conv, dense, head
from training_model import tf1, training


def _phase(net, default=True, name="keras_learning_phase"):
    """As Keras has it, fed while it trains."""
    return net.fed_in_training(tf1.placeholder_with_default(default, [], name=name), True)


def _model(net, phase):
    """Each layer branches by itself, as layers of Keras do."""
    x = batch_normalization(conv(net.input("image", 6, 6, 3), 4, "conv"), training=phase, momentum=0.7, name="norm")
    x = tf.nn.relu(x)
    if net.training:
        x = tf1.cond(phase, lambda: tf1.nn.dropout(x, 0.6), lambda: tf.identity(x), name="dropout/cond")
    logits = head(x)
    net.minimize(logits)
    return logits


@training("meta", "pb")
def learning_phase_of_keras(net):
    return _model(net, _phase(net) if net.training else False)


@training(resource=True, control_flow_v2=True)
def learning_phase_of_keras_in_functions(net):
    return _model(net, _phase(net) if net.training else False)


@training()
def learning_phase_that_is_bound(net):
    net.flags.append("--bind=keras_learning_phase=0")
    return _model(net, _phase(net) if net.training else False)


@training()
def learning_phase_of_numbers(net):
    """An older Keras: an integer, made a condition by an op."""
    net.flags.append("--bind=phase=0")
    phase = False
    if net.training:
        phase = tf.equal(net.fed_in_training(tf1.placeholder(tf.int32, [], name="phase"), 1), 1, name="is_one")
    return _model(net, phase)


@training(resource=True)
def switch_of_a_whole_network(net):
    """One cond over everything, whose branches have the same variables."""
    image = net.input("image", 6, 6, 3)

    def branch(is_training):
        with tf1.variable_scope("net", reuse=tf1.AUTO_REUSE):
            x = batch_normalization(conv(image, 4, "conv"), training=is_training, momentum=0.7, name="norm")
            x = tf.nn.relu(x)
            return head(tf1.nn.dropout(x, 0.6) if is_training else x)

    if net.training:
        logits = tf1.cond(net.switch(), lambda: branch(True), lambda: branch(False))
        logits = tf.identity(logits, name="prediction")
    else:
        logits = tf.identity(branch(False), name="prediction")
    net.minimize(logits)
    return logits


@training()
def switch_through_logic(net):
    """The condition is made of two, one of which is bound."""
    net.flags.append("--bind=is_training=false")
    phase = False
    if net.training:
        phase = tf.logical_and(net.switch(), tf.constant(True, name="trains_norms"))
    return _model(net, phase)


@training(resource=True)
def function_in_a_graph(net):
    """A function of TensorFlow 2 in a graph of TensorFlow 1: a call, with a dropout within."""
    x = net.input("features", 5)

    @tf.function(autograph=False)
    def noisy(given):
        return tf.nn.dropout(given, 0.4) * 2.0 if net.training else given * 2.0

    logits = dense(tf.nn.relu(noisy(dense(x, 8, "hidden"))), 3, "logits")
    net.minimize(logits)
    return logits


@training()
def network_of_residual_blocks(net):
    """A small ResNet: normalisations before and behind additions, a dropout at the end."""
    x = conv(net.input("image", 8, 8, 3), 4, "first")
    for block, size in enumerate((4, 6)):
        with tf1.variable_scope(f"block{block}"):
            before = tf.nn.relu(slim_norm(net, x, "preact"))
            shortcut = conv(before, size, "shortcut", width=1, strides=2)
            y = conv(before, size, "conv1", strides=2)
            y = tf.nn.relu(batch_normalization(y, training=net.training, momentum=0.7, name="norm1"))
            x = shortcut + conv(y, size, "conv2")
    x = tf.nn.relu(slim_norm(net, x, "last", updates=None))
    logits = head(tf1.nn.dropout(x, 0.8) if net.training else x)
    net.minimize(logits, tf1.train.MomentumOptimizer(0.02, 0.9))
    return tf.nn.softmax(logits, name="probabilities")


@training("meta", "pbtxt")
def network_of_an_older_tensorflow(net):
    """Before there were `AddV2` and scratch spaces for gradients: other ops, and no attribute that has a default."""
    x = tf.nn.relu(slim_norm(net, conv(net.input("image", 6, 6, 3), 4, "conv"), "norm", updates=None))
    x = dense(tf.reduce_mean(x, [1, 2]), 8, "hidden")
    logits = dense(tf1.nn.dropout(x, 0.7) if net.training else x, 3, "logits")
    net.minimize(logits)
    net.edit = _made_older
    return logits


def _made_older(graph_def):
    defaults = {"keep_dims", "use_cudnn_on_gpu", "explicit_paddings", "dilations", "data_format", "validate_shape"}
    for node in graph_def.node:
        node.op = {"AddV2": "Add", "FusedBatchNormV3": "FusedBatchNorm"}.get(node.op, node.op)
        for name in defaults & set(node.attr):
            if not (node.attr[name].b and name == "keep_dims"):
                del node.attr[name]


@training()
def switch_with_other_uses(net):
    """Checks, a rate and a choice between tensors go by it as well, and an update that the outputs wait for."""
    x = dense(net.input("features", 5), 6, "hidden")
    if net.training:
        phase = net.switch()
        count = tf1.get_variable("count", [], trainable=False, initializer=tf1.zeros_initializer())
        update = tf1.cond(phase, lambda: tf1.assign_add(count, 1.0).op, tf.no_op)
        number = tf.cast(phase, tf.float32)
        x = tf1.cond(phase, lambda: tf1.nn.dropout(x, 0.6), lambda: tf.identity(x))
        x = tf1.nn.dropout(x, rate=0.4 * number)
        x = tf.where(phase, tf1.nn.dropout(x, 0.9), x)
        with tf.control_dependencies([update, tf1.assert_less(number, 2.0)]):
            x = tf.identity(x)
    logits = dense(x, 3, "logits")
    net.minimize(logits)
    return logits


@training(resource=True, control_flow_v2=True)
def switch_without_a_shape(net):
    """TensorFlow 2's branches squeeze it first."""
    x = dense(net.input("features", 5), 6, "hidden")
    if net.training:
        phase = net.fed_in_training(tf1.placeholder(tf.bool, name="is_training"), True)
        x = tf1.cond(phase, lambda: tf1.nn.dropout(x, 0.7), lambda: tf.identity(x))
    logits = dense(x, 3, "logits")
    net.minimize(logits)
    return logits
