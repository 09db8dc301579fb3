"""Trains the demo model with TensorFlow and writes examples/demo.

    python scripts/make-demo-model.py [directory]

An 8x8 digit classifier of the TensorFlow 1 kind: two convolutions with batch normalisation, one
dense layer. The graph has a training tower and an inference tower over the same variables, as
training scripts write it; the checkpoint keeps the optimizer's slots. Needs tensorflow 2.21.
"""

import os
import pathlib
import shutil
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

# pylint: disable=wrong-import-position
import numpy as np
import tensorflow as tf
from tensorflow.python.tools import freeze_graph

tf1 = tf.compat.v1
SEED = 7
STEPS = 200
CLASSES = 10
INPUT = "inference/images"
OUTPUT = "inference/probabilities"
# Seven-segment digits: a, b, c, d, e, f, g as bits, from the top clockwise, g in the middle.
SEGMENTS = ["abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg"]
STROKES = {
    "a": (slice(1, 2), slice(2, 6)),
    "b": (slice(1, 4), slice(5, 6)),
    "c": (slice(4, 7), slice(5, 6)),
    "d": (slice(6, 7), slice(2, 6)),
    "e": (slice(4, 7), slice(2, 3)),
    "f": (slice(1, 4), slice(2, 3)),
    "g": (slice(3, 4), slice(2, 6)),
}


def digits(random, count):
    """Images of digits, moved by up to a pixel, blurred and noisy; and their labels."""
    labels = random.integers(0, CLASSES, count)
    images = np.zeros([count, 8, 8, 1], np.float32)
    for image, label in zip(images, labels):
        for stroke in SEGMENTS[label]:
            image[STROKES[stroke]] = 1.0
        image[:] = np.roll(image, random.integers(-1, 2, 2), axis=(0, 1))
    blurred = images * 0.7 + np.roll(images, 1, axis=2) * 0.15 + np.roll(images, 1, axis=1) * 0.15
    return blurred + random.normal(0, 0.15, images.shape).astype(np.float32), labels


def weights(name, shape):
    """A ref variable; the initial value depends on its name only."""
    seed = sum(name.encode()) + SEED
    scale = np.sqrt(2.0 / np.prod(shape[:-1]))
    start = np.random.default_rng(seed).normal(0, scale, shape)
    return tf1.get_variable(name, dtype=tf.float32, initializer=start.astype(np.float32))


def batch_norm(x, training):
    """Normalises by the batch while training, and by the moving averages afterwards."""
    channels = x.shape[-1]
    gamma = tf1.get_variable("gamma", [channels], initializer=tf1.ones_initializer())
    beta = tf1.get_variable("beta", [channels], initializer=tf1.zeros_initializer())
    mean, variance = (
        tf1.get_variable(name, [channels], initializer=initializer, trainable=False)
        for name, initializer in (
            ("moving_mean", tf1.zeros_initializer()),
            ("moving_variance", tf1.ones_initializer()),
        )
    )
    if not training:
        return tf1.nn.fused_batch_norm(x, gamma, beta, mean, variance, is_training=False)[0]
    y, batch_mean, batch_variance = tf1.nn.fused_batch_norm(x, gamma, beta, is_training=True)
    for moving, batch in ((mean, batch_mean), (variance, batch_variance)):
        update = tf1.assign_sub(moving, (moving - batch) * 0.1)
        tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS, update)
    return y


def classifier(images, training):
    """The logits of a batch of images."""
    x = images
    for index, channels in enumerate((8, 16), start=1):
        with tf1.variable_scope(f"conv{index}"):
            kernel = weights("kernel", [3, 3, int(x.shape[-1]), channels])
            x = tf.nn.conv2d(x, kernel, strides=1, padding="SAME", name="conv")
            x = tf.nn.relu(batch_norm(x, training), name="relu")
            x = tf.nn.max_pool2d(x, 2, 2, "VALID", name="pool")
    with tf1.variable_scope("dense"):
        x = tf.reshape(x, [-1, 2 * 2 * 16], name="flat")
        bias = tf1.get_variable("bias", [CLASSES], initializer=tf1.zeros_initializer())
        return tf.nn.bias_add(tf.matmul(x, weights("kernel", [64, CLASSES])), bias, name="logits")


def tower(name, training, reuse):
    """Builds the model in a name scope of its own, over the variables of the scope `model`."""
    images = tf1.placeholder(tf.float32, [None, 8, 8, 1], name=f"{name}/images")
    with tf1.name_scope(name), tf1.variable_scope("model", reuse=reuse, use_resource=False):
        return images, classifier(images, training)


def train(directory):
    """Trains for 200 steps and writes graph.pb and model.ckpt-200."""
    config = tf1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    with tf.Graph().as_default() as graph, tf1.Session(config=config) as session:
        train_images, train_logits = tower("training", training=True, reuse=False)
        images, logits = tower("inference", training=False, reuse=True)
        probabilities = tf.nn.softmax(logits, name=OUTPUT)
        labels = tf1.placeholder(tf.int64, [None], name="training/labels")
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, train_logits)
        step = tf1.get_variable("global_step", initializer=0, trainable=False, use_resource=False)
        with tf.control_dependencies(tf1.get_collection(tf1.GraphKeys.UPDATE_OPS)):
            optimizer = tf1.train.MomentumOptimizer(0.02, 0.9)
            train_op = optimizer.minimize(tf.reduce_mean(losses), step, name="training/step")
        saver = tf1.train.Saver()
        session.run(tf1.global_variables_initializer())
        random = np.random.default_rng(SEED)
        for _ in range(STEPS):
            batch, truth = digits(random, 64)
            session.run(train_op, {train_images: batch, labels: truth})
        batch, truth = digits(random, 500)
        guess = session.run(probabilities, {images: batch}).argmax(axis=1)
        assert f"{INPUT}:0" == images.name
        print(f"accuracy on 500 new images: {np.mean(guess == truth):.3f}")
        saver.save(
            session, str(directory / "model.ckpt"), step, write_meta_graph=False, write_state=False
        )
        graph_def = graph.as_graph_def()
        (directory / "graph.pb").write_bytes(graph_def.SerializeToString(deterministic=True))


def freeze(directory):
    """Freezes the model with TensorFlow's own tool."""
    with tf.Graph().as_default():
        freeze_graph.freeze_graph(
            input_graph=str(directory / "graph.pb"),
            input_saver="",
            input_binary=True,
            input_checkpoint=str(directory / f"model.ckpt-{STEPS}"),
            output_node_names=OUTPUT,
            restore_op_name="save/restore_all",
            filename_tensor_name="save/Const:0",
            output_graph=str(directory / "frozen-by-tensorflow.pb"),
            clear_devices=True,
            initializer_nodes="",
        )


README = f"""# The demo model

A classifier of 8x8 digits, trained for {STEPS} steps with TensorFlow {tf.__version__} by
`scripts/make-demo-model.py`: two convolutions with batch normalisation and one dense layer, as
ref variables. `graph.pb` holds a training tower, an inference tower and the saver; the checkpoint
`model.ckpt-{STEPS}` holds the optimizer's slots too.

| | |
|---|---|
| input | `{INPUT}`, float32, [batch, 8, 8, 1] |
| output node | `{OUTPUT}`, float32, [batch, {CLASSES}] |
| `frozen-by-tensorflow.pb` | what TensorFlow {tf.__version__} itself makes of it |

Freezing it again must give the very same bytes:

    freeze_graph --input_graph=graph.pb --input_binary=true \\
      --input_checkpoint=model.ckpt-{STEPS} \\
      --output_node_names={OUTPUT} \\
      --output_graph=frozen.pb
    cmp frozen.pb frozen-by-tensorflow.pb
"""


def main(directory="examples/demo"):
    """Makes the directory anew."""
    directory = pathlib.Path(directory)
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    tf1.disable_eager_execution()
    tf1.logging.set_verbosity(tf1.logging.ERROR)
    train(directory)
    freeze(directory)
    (directory / "README.md").write_text(README)


if __name__ == "__main__":
    main(*sys.argv[1:])
