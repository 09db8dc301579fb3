"""Makes the models of test/layouts/tfjs/models with TensorFlow, and what TensorFlow computes with them.

    python scripts/make-tfjs-models.py [directory]

Each model is a folder: a graph with a checkpoint, or a SavedModel; and runs.json, a list of runs: what
was fed and what came out, by the names of the signature. Needs tensorflow 2.21.
"""

import json
import os
import pathlib
import shutil
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

# pylint: disable=wrong-import-position
import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

sys.path.append(str(pathlib.Path(__file__).parents[1] / "test" / "tensorflow"))
from tensor_json import tensors_json

tf1 = tf.compat.v1


def random(*shape, seed=0):
    """Values of about one, the same in every run."""
    return np.random.default_rng([seed, *shape]).normal(0, 0.5, shape).astype(np.float32)


def run_json(feeds, fetches):
    """One run."""
    return {"feeds": tensors_json(feeds), "fetches": tensors_json(fetches)}


def session_model(directory, build, feeds, outputs):
    """A graph of TensorFlow 1 and its checkpoint."""
    with tf.Graph().as_default() as graph, tf1.Session() as session:
        build()
        session.run(tf1.global_variables_initializer())
        runs = []
        for feed in feeds:
            tensors = session.run(
                [f"{name}:0" for name in outputs], {f"{name}:0": x for name, x in feed.items()}
            )
            runs.append(run_json(feed, dict(zip(outputs, tensors))))
        graph_def = tf1.graph_util.extract_sub_graph(graph.as_graph_def(), outputs)
        saver = tf1.train.Saver()
        saver.save(session, str(directory / "model"), write_meta_graph=False, write_state=False)
        (directory / "graph.pb").write_bytes(graph_def.SerializeToString(deterministic=True))
    return runs


def strip(path):
    """Takes out what nobody needs who knows TensorFlow's ops."""
    saved = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    for meta_graph in saved.meta_graphs:
        meta_graph.meta_info_def.ClearField("stripped_op_list")
    path.write_bytes(saved.SerializeToString(deterministic=True))


def saved_model(directory, module, feeds):
    """A SavedModel of TensorFlow 2, with the one signature `run`."""
    tf.saved_model.save(module, str(directory), signatures={"serving_default": module.run})
    shutil.rmtree(directory / "assets")
    (directory / "fingerprint.pb").unlink()
    strip(directory / "saved_model.pb")
    loaded = tf.saved_model.load(str(directory)).signatures["serving_default"]
    runs = []
    for feed in feeds:
        fetched = loaded(**{name: tf.constant(value) for name, value in feed.items()})
        runs.append(run_json(feed, {name: tensor.numpy() for name, tensor in fetched.items()}))
    return runs


def variable(name, value):
    """A variable of a session."""
    return tf1.get_variable(name, initializer=value, use_resource=True)


def dense(directory):
    """Two layers, with literal constants of one, of many equal and of many different elements."""

    def build():
        x = tf1.placeholder(tf.float32, [None, 4], name="x")
        hidden = tf.nn.relu(tf.matmul(x, variable("w1", random(4, 8))) + variable("b1", random(8)))
        logits = tf.matmul(hidden, variable("w2", random(8, 3))) + tf.constant(0.25, shape=[3])
        tf.nn.softmax(logits * tf.constant([1.0, 2.0, 0.5]), name="y")
        tf.argmax(logits, axis=1, name="best")

    return session_model(directory, build, [{"x": random(2, 4, seed=1)}], ["y", "best"])


def convolution(directory):
    """Convolutions with normalisation, pooling, padding and resizing."""

    def build():
        x = tf1.placeholder(tf.float32, [None, 8, 8, 2], name="x")
        y = tf.nn.conv2d(x, variable("k1", random(3, 3, 2, 4)), strides=1, padding="SAME")
        y = tf1.nn.fused_batch_norm(
            y,
            *(variable(name, random(4, seed=seed)) for seed, name in enumerate(["g", "b", "m"])),
            variable("v", np.square(random(4)) + 1),
            is_training=False,
        )[0]
        y = tf.nn.max_pool2d(tf.nn.relu6(y), 2, 2, "VALID")
        y = tf.nn.depthwise_conv2d(
            tf.pad(y, [[0, 0], [1, 1], [1, 1], [0, 0]]),
            variable("k2", random(3, 3, 4, 2)),
            strides=[1, 1, 1, 1],
            padding="VALID",
        )
        y = tf1.image.resize_bilinear(y, [6, 6])
        y = tf.nn.conv2d(y, variable("k3", random(2, 2, 8, 3)), strides=2, padding=[[0, 0], [1, 1], [1, 1], [0, 0]])
        tf.reduce_mean(tf.nn.bias_add(y, variable("bias", random(3))), axis=[1, 2], name="y")

    return session_model(directory, build, [{"x": random(1, 8, 8, 2, seed=1)}], ["y"])


def choices(directory):
    """Control flow of TensorFlow 1: branches of constants, loops that take results of the former."""

    def build():
        tf1.disable_control_flow_v2()
        x = tf1.placeholder(tf.float32, [], name="x")
        chosen = tf.cond(x > 0, lambda: tf.constant(3.0), lambda: tf.constant(-1.0) - tf.constant(1.0))

        def body(i, total):
            step = tf.cond(tf.equal(i % 2, 0), lambda: total * 0.5, lambda: tf.constant(10.0))
            return i + 1, step + variable("w", np.float32(0.75))

        with tf1.variable_scope("loop", reuse=tf1.AUTO_REUSE):
            total = tf.while_loop(lambda i, _: i < 5, body, [0, chosen])[1]
        tf.identity(chosen, name="chosen")
        tf.identity(total, name="total")

        def inner(i, j, product):
            return j + 1, product + tf.square(total) * tf.cast(i, tf.float32)

        def outer(i, product):
            return i + 1, tf.while_loop(lambda j, _: j < i, lambda j, p: inner(i, j, p), [0, product])[1]

        product = tf.while_loop(lambda i, _: i < 4, outer, [0, tf.sqrt(total + 1)])[1]
        tf.identity(product * x, name="product")

    feeds = [{"x": np.float32(1)}, {"x": np.float32(-1)}]
    return session_model(directory, build, feeds, ["chosen", "total", "product"])


class Recurrent(tf.Module):
    """An LSTM cell in a loop over time that stops at the length given; two outputs of one call."""

    def __init__(self):
        super().__init__()
        self.kernel = tf.Variable(random(3 + 4, 16), name="kernel")
        self.bias = tf.Variable(random(16), name="bias")

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None, 3], tf.float32, "sequence"),
            tf.TensorSpec([], tf.int32, "length"),
        ]
    )
    def run(self, sequence, length):
        """All states, and the last."""
        batch = tf.shape(sequence)[0]
        states = tf.TensorArray(tf.float32, size=length, element_shape=[None, 4])
        h, c = tf.zeros([batch, 4]), tf.zeros([batch, 4])
        for step in tf.range(length):
            joined = tf.concat([sequence[:, step], h], axis=1)
            i, g, f, o = tf.split(tf.matmul(joined, self.kernel) + self.bias, 4, axis=1)
            c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(g)
            h = tf.tanh(c) * tf.sigmoid(o)
            if tf.equal(step % 2, 1):
                h = h * 0.5
            states = states.write(step, h)
        return {"states": tf.transpose(states.stack(), [1, 0, 2]), "last": h}


def recurrent(directory):
    """A loop over time."""
    feeds = [{"sequence": random(2, 5, 3, seed=1), "length": np.int32(length)} for length in (5, 2)]
    return saved_model(directory, Recurrent(), feeds)


class Lookup(tf.Module):
    """Words to rows of an embedding, and numbers to words."""

    def __init__(self):
        super().__init__()
        words, ids = tf.constant(["ice", "snow", "grün", ""]), tf.constant([2, 0, 1, 3], tf.int64)
        self.ids = table(words, ids, -1)
        self.words = table(ids, words, "?")
        self.embedding = tf.Variable(random(5, 3), name="embedding")

    @tf.function(
        input_signature=[
            tf.TensorSpec([None], tf.string, "words"),
            tf.TensorSpec([None], tf.int64, "numbers"),
            tf.TensorSpec([], tf.float32, "unused"),
        ]
    )
    def run(self, words, numbers, unused):  # pylint: disable=unused-argument
        """Looks up in both tables; what is not there has the last row."""
        ids = self.ids.lookup(words)
        rows = tf.gather(self.embedding, tf.where(ids < 0, tf.constant(4, tf.int64), ids))
        return {"rows": rows, "names": self.words.lookup(numbers), "ids": ids}


def table(keys, values, default):
    """A table that never changes."""
    filler = tf.lookup.KeyValueTensorInitializer(keys, values)
    return tf.lookup.StaticHashTable(filler, default)


def lookup(directory):
    """Tables of strings."""
    feed = {
        "words": np.array(["snow", "grün", "rain", ""], object),
        "numbers": np.array([0, 1, 7], np.int64),
        "unused": np.float32(0),
    }
    return saved_model(directory, Lookup(), [feed])


class Types(tf.Module):
    """Constants of all types that have a counterpart, and two outputs that are one input and one constant."""

    def __init__(self):
        super().__init__()
        self.flags = tf.Variable([True, False, True], name="flags")
        self.counts = tf.Variable([3, -2, 2**31 - 1], dtype=tf.int32, name="counts")
        self.halves = tf.Variable([0.5, -1.5, 65504.0], dtype=tf.float16, name="halves")
        self.bytes = tf.Variable([0, 128, 255], dtype=tf.uint8, name="bytes")

    @tf.function(input_signature=[tf.TensorSpec([3], tf.float32, "x")])
    def run(self, x):
        """Adds up what it can."""
        double = tf.constant([1e-3, 1 / 3, 3e38], tf.float64)
        signed = tf.constant([-128, 0, 127], tf.int8)
        byte = tf.constant([7, 200], tf.uint8)
        halves = tf.cast(self.halves, tf.float32)
        return {
            "sum": tf.where(self.flags, x, halves) + tf.cast(tf.minimum(self.counts, 100), tf.float32),
            "double": tf.cast(double[:2] * 3, tf.float32),
            "signed": tf.cast(signed, tf.float32) * x,
            "bytes": tf.cast(self.bytes, tf.float32) + tf.cast(tf.reduce_max(byte), tf.float32),
            "long": tf.gather(x, tf.constant([2, 0], tf.int64)),
            "texts": tf.constant([["a", "längst"], ["", "c"]]),
            "empty": tf.constant([], tf.float32),
            "same": x,
        }


def types(directory):
    """Types of constants."""
    return saved_model(directory, Types(), [{"x": random(3, seed=1)}])


def main(directory="test/layouts/tfjs/models"):
    """Makes the directory anew."""
    directory = pathlib.Path(directory)
    shutil.rmtree(directory, ignore_errors=True)
    for make in (dense, convolution, choices, recurrent, lookup, types):
        folder = directory / make.__name__
        folder.mkdir(parents=True)
        runs = make(folder)
        (folder / "runs.json").write_text(json.dumps(runs) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
