"""What training leaves in a graph: checks, prints, summaries, steps, gradients."""

from model import tf
from training_layers import dense, variable
from training_model import tf1, training


@training()
def checks_and_prints(net):
    """On the way of the data, and hanging on it by control inputs."""
    net.alike = "checks give what they are given"
    x = net.input("features", 5)
    if net.training:
        checks = [tf1.Assert(tf.reduce_all(x < 1e6), [x]), tf1.assert_rank(x, 2)]
        with tf.control_dependencies(checks):
            x = tf.identity(x, name="checked")
        x = tf1.check_numerics(tf1.Print(x, [tf.shape(x)], "shape ", first_n=0), "features")
    hidden = tf.nn.relu(dense(x, 8, "hidden"))
    if net.training:
        with tf.control_dependencies([tf1.print("mean", tf.reduce_mean(hidden), output_stream="file://printed.txt")]):
            hidden = tf.stop_gradient(hidden)
        tf1.summary.histogram("hidden", hidden)
    logits = dense(hidden, 3, "logits")
    net.minimize(logits)
    if net.training:
        tf1.summary.scalar("logits_mean", tf.reduce_mean(logits))
        tf1.summary.merge_all()
    return logits


@training(resource=True)
def step_counted_on_the_way(net):
    """Predictions wait for a counter, a summary and an update, as home-made training loops have it."""
    net.alike = "the counter is no part of the numbers"
    hidden = tf.nn.relu(dense(net.input("features", 5), 8, "hidden"))
    logits = dense(hidden, 3, "logits")
    net.minimize(logits)
    if net.training:
        count = tf1.get_variable("batches", [], tf.int64, tf1.zeros_initializer(), trainable=False)
        summary = tf1.summary.scalar("count", count)
        with tf.control_dependencies([tf1.assign_add(count, 1), summary]):
            return tf.identity(logits, name="prediction")
    return tf.identity(logits, name="prediction")


@training("meta", "pb")
def prediction_behind_the_training_step(net):
    """One fetch both trains and predicts: the output waits for the optimiser, with clipped gradients."""
    net.alike = "the step comes after what is compared"
    logits = dense(tf.nn.relu(dense(net.input("features", 5), 8, "hidden")), 3, "logits")
    if not net.training:
        return tf.nn.softmax(logits, name="probabilities")
    loss = tf1.losses.sparse_softmax_cross_entropy(net.labels(3), logits)
    optimizer = tf1.train.MomentumOptimizer(0.05, 0.9, use_nesterov=True)
    gradients, variables = zip(*optimizer.compute_gradients(loss + 1e-3 * tf.nn.l2_loss(logits)))
    gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
    step = tf1.train.get_or_create_global_step()
    net.train_op = optimizer.apply_gradients(zip(gradients, variables), step)
    probabilities = tf.nn.softmax(logits)
    with tf.control_dependencies([net.train_op]):
        return tf.identity(probabilities, name="probabilities")


@training()
def learning_rate_that_decays(net):
    """A schedule, a loss scale and weight decay, none of which the prediction needs."""
    net.alike = "nothing of the prediction is other"
    hidden = tf.nn.relu(dense(net.input("features", 5), 8, "hidden"))
    logits = dense(hidden, 3, "logits")
    if net.training:
        step = tf1.train.get_or_create_global_step()
        rate = tf1.train.exponential_decay(0.1, step, 2, 0.5)
        net.minimize(logits, tf1.train.RMSPropOptimizer(rate))
    return logits


@training()
def heads_of_several_tasks(net):
    """Two heads over one trunk with dropout and noise in front; each head has a loss of its own."""
    x = net.input("features", 5)
    if net.training:
        with tf1.name_scope("gaussian_noise"):
            x = x + tf1.random_normal(tf.shape(x), stddev=0.3)
    trunk = tf.nn.relu(dense(x, 8, "trunk"))
    trunk = tf1.nn.dropout(trunk, keep_prob=0.7) if net.training else trunk
    kinds = dense(trunk, 3, "kinds")
    size = dense(trunk, 1, "size")
    if net.training:
        losses = tf1.losses.sparse_softmax_cross_entropy(net.labels(3), kinds)
        balance = variable("balance", value=0.5)
        net.train(losses + balance * tf1.losses.mean_squared_error(tf.zeros_like(size), size))
    return [tf.nn.softmax(kinds, name="kind"), tf.squeeze(size, 1, name="how_large")]
