"""What a training graph is, and how a builder makes it and the inference graph that it is held against.

    @training("meta")
    def dropout(net):
        x = net.input("x", 4)
        x = tf.nn.dropout(x, rate=0.5) if net.training else x
        logits = dense(x, 3, "logits")
        net.minimize(logits)
        return logits

The builder is called twice. The first graph is trained for some steps and saved, as users save theirs; permafrost makes
an inference graph of it. The second one, `net.training` being false, is what a person would write by hand for the same
checkpoint, by the names of its variables. Both must give the same numbers.

A builder of the form `saved` returns a model of Keras instead, which is traced with `training=True`.
"""

import dataclasses
from typing import Callable

from model import np, tf

tf1 = tf.compat.v1

TRAINING = {}

STEPS = 4
BATCH = 8


@dataclasses.dataclass
class Spec:
    """One row. Flags of `permafrost freeze` are those of the builder's `net`."""

    name: str
    build: Callable
    form: str
    resource: bool = False
    control_flow_v2: bool = False


def training(*forms, name=None, **options):
    """Registers a builder for each form its graph is written in: `meta`, `pb`, `pbtxt` or `saved`."""

    def register(build):
        for form in forms or ("meta",):
            stem = name or build.__name__
            full = stem if len(forms) < 2 else f"{stem}_{form}"
            if full in TRAINING:
                raise ValueError(f"two training graphs are called {full}")
            TRAINING[full] = Spec(full, build, form, **options)
        return build

    return register


class Net:
    """What a builder has in its hands. The attributes may be changed by the builder."""

    def __init__(self, is_training):
        self.training = is_training
        self.chance = np.random.default_rng(3)
        # Of the numbers that are compared, by tensor of the inference graph.
        self.feeds = {}
        # Of a training step, by tensor: what makes them.
        self.step_feeds = {}
        self.train_op = None
        # Run once, after the variables have their first values.
        self.initializers = []
        # Threads that fill the queues while the graph is trained.
        self.queues = False
        self.flags = ["--inference"]
        # Where tensors of the inference graph are in the frozen one, if the names differ.
        self.names = {}
        # Which variable of the inference graph has which name in the checkpoint; None: its own.
        self.restored = None
        # The training graph must give other numbers for the same input, or the row would show nothing. Why it does not.
        self.alike = None
        # With these flags the graph must be frozen to the bytes that it is frozen to without any rewrite.
        self.untouched_by = []
        # False for what gives other numbers in each run.
        self.compared = True
        # Changes the GraphDef of the training graph before it is written.
        self.edit = None
        # Found out when the training graph is written.
        self.has_functions = False
        self.rtol = 1e-5
        self.atol = 1e-6

    def draw(self, *shape):
        """Numbers by chance that a normalisation has something to do with."""
        return (self.chance.normal(size=shape) * 2 + 0.7).astype(np.float32)

    def input(self, name, *shape, dtype=tf.float32, batch=None):
        """A placeholder for a batch of examples of this shape."""
        placeholder = tf1.placeholder(dtype, [batch, *shape], name=name)
        draw = lambda: self.draw(batch or BATCH, *shape).astype(dtype.as_numpy_dtype)
        return self._fed(placeholder, draw)

    def ids(self, name, *shape, below=20):
        """A placeholder for a batch of whole numbers."""
        draw = lambda: self.chance.integers(0, below, (BATCH, *shape)).astype(np.int32)
        return self._fed(tf1.placeholder(tf.int32, [None, *shape], name=name), draw)

    def _fed(self, placeholder, draw):
        self.feeds[placeholder.name] = draw()
        self.step_feeds[placeholder.name] = draw
        return placeholder

    def fed_in_training(self, placeholder, value):
        """A placeholder that the inference graph does not have."""
        self.step_feeds[placeholder.name] = lambda: value
        return placeholder

    def switch(self, name="is_training"):
        """Whether the graph trains: a placeholder, or False."""
        return self.fed_in_training(tf1.placeholder(tf.bool, [], name=name), True) if self.training else False

    def labels(self, classes):
        """A placeholder for the labels of a batch."""
        placeholder = tf1.placeholder(tf.int32, [None], name="labels")
        self.step_feeds[placeholder.name] = lambda: self.chance.integers(0, classes, BATCH).astype(np.int32)
        return placeholder

    def minimize(self, logits, optimizer=None, labels=None):
        """Trains a classifier, with the updates that its layers ask for."""
        if not self.training:
            return
        labels = self.labels(logits.shape[-1]) if labels is None else labels
        losses = tf1.losses.sparse_softmax_cross_entropy(labels, tf.cast(logits, tf.float32))
        self.train(tf.reduce_mean(losses, name="loss"), optimizer)

    def train(self, loss, optimizer=None):
        """Trains for a loss."""
        if not self.training:
            return
        optimizer = optimizer or tf1.train.AdamOptimizer(0.05)
        with tf.control_dependencies(tf1.get_collection(tf1.GraphKeys.UPDATE_OPS)):
            self.train_op = optimizer.minimize(loss, tf1.train.get_or_create_global_step())
