"""Averages of variables, whose shadows are what should be frozen."""

from model import tf
from training_layers import dense, variable
from training_model import tf1, training


def _averaged(net, logits, variables=None):
    """Adds the averages to the training step; in the inference graph, says what to restore each variable from."""
    average = tf.train.ExponentialMovingAverage(0.6)
    net.minimize(logits)
    if net.training:
        with tf.control_dependencies([net.train_op]):
            net.train_op = average.apply(variables)
    else:
        net.restored = average.variables_to_restore(variables)
    return logits


def _network(net):
    return dense(tf.nn.relu(dense(net.input("features", 5), 8, "hidden")), 3, "logits")


@training("meta", "pb")
def averages_of_all(net):
    net.flags = ["--inference", "--ema"]
    return _averaged(net, _network(net))


@training(resource=True)
def averages_of_resources(net):
    net.flags = ["--inference", "--ema"]
    return _averaged(net, _network(net))


@training()
def averages_within_a_scope(net):
    """The averages are made in a scope of variables, whose name comes before those of the shadows."""
    net.flags = ["--inference", "--ema"]
    logits = _network(net)
    if net.training:
        with tf1.variable_scope("train"):
            return _averaged(net, logits)
    own = tf1.trainable_variables()
    net.restored = {f"train/{each.op.name}/ExponentialMovingAverage": each for each in own}
    return logits


@training()
def averages_of_some(net):
    """Biases have none, and are frozen as they are."""
    net.flags = ["--inference", "--ema"]
    logits = _network(net)
    return _averaged(net, logits, [each for each in tf1.trainable_variables() if "kernel" in each.name])


@training()
def averages_without_other_rewrites(net):
    net.flags = ["--ema"]
    return _averaged(net, _network(net))


@training()
def averages_that_are_not_asked_for(net):
    """Without the flag the variables themselves count."""
    net.alike = "nothing of the network is other"
    logits = _network(net)
    _averaged(net, logits)
    net.restored = None
    return logits


@training()
def averages_that_are_home_made(net):
    """Each variable has a copy by a suffix, which a training step moves towards it."""
    net.flags = ["--inference", "--variable-suffix=_avg"]
    logits = _network(net)
    net.minimize(logits)
    own = tf1.trainable_variables()
    if not net.training:
        net.restored = {f"{each.op.name}_avg": each for each in own}
        return logits
    copies = [variable(f"{each.op.name}_avg", *each.shape, trainable=False) for each in own]
    with tf.control_dependencies([net.train_op]):
        net.train_op = tf.group(*(tf1.assign_add(copy, 0.3 * (each - copy)) for copy, each in zip(copies, own)))
    return logits
