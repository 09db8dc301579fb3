"""What a model is: a SavedModel, and what its signature is fed with.

    @model()
    def matmul():
        module = tf.Module()
        module.w = tf.Variable([[3.0], [4.0]])
        return Served(module, lambda x: tf.matmul(x, module.w), x=[[1.0, 2.0]])

The model is saved, its signature is run in a session, and permafrost freezes it three times: with
its functions, inlined, and as TensorFlow's own freeze_graph does. The first two must give the
session's numbers when TensorFlow runs them; the third must be what TensorFlow writes, but for the
numbers in the names of frozen functions, wherever that runs. The layout `tfjs` must give the numbers
in TensorFlow.js.
"""

import dataclasses
import os
from typing import Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

# The variables above are read when TensorFlow is imported, so the imports come after them.
# pylint: disable=wrong-import-position
import numpy as np
import tensorflow as tf

SIGNATURE = "serving_default"

MODELS = {}


@dataclasses.dataclass
class Spec:
    """One entry of the list.

    `fails` is a part of the error that TensorFlow's tool must give, while freezing or when its
    frozen file is loaded; None: the bytes must be the same. `tfjs_lacks` is an op or a type that
    TensorFlow.js does not have, or computes otherwise, so that the layout for it must be refused;
    `tfjs_rtol` is what float32 in another order of additions may make of the numbers there.
    """

    name: str
    build: Callable
    fails: str | None = None
    rtol: float = 0
    tfjs_lacks: str | None = None
    tfjs_rtol: float = 1e-4


def model(fails=None, rtol=0, tfjs_lacks=None, tfjs_rtol=1e-4):
    """Registers a builder, which returns a `Built`."""

    def register(build):
        MODELS[build.__name__] = Spec(build.__name__, build, fails, rtol, tfjs_lacks, tfjs_rtol)
        return build

    return register


class Built:
    """What a builder returns, and what is usual of it."""

    tags = ("serve",)
    signature = SIGNATURE
    # The SavedModel that gives the numbers; the one that is frozen is `saved`.
    live = "saved"
    # Further flags for `permafrost freeze`.
    own_flags = ()
    # Ops of the frozen graph that are gone when TensorFlow has optimised it.
    folded = ()
    # Ops that the frozen graph must not have.
    gone = ()


class Served(Built):
    """A module and a function of it. The feeds say what the function's arguments are called."""

    def __init__(self, module, function, **feeds):
        self.feeds = arrays(feeds)
        self.module = module
        specs = [
            tf.TensorSpec(value.shape, value.dtype, name=name) for name, value in self.feeds.items()
        ]
        self.module.serve = tf.function(function, input_signature=specs)

    def save(self, folder):
        tf.saved_model.save(self.module, folder, signatures=self.module.serve)


class Exported(Built):
    """A Keras model."""

    def __init__(self, keras_model, *values):
        self.keras_model = keras_model
        self.values = values
        self.feeds = None

    def save(self, folder):
        self.keras_model.export(folder, verbose=False)


def arrays(feeds):
    """What is fed, by name, as TensorFlow takes it."""
    return {name: np.array(value, dtype=_dtype(value)) for name, value in feeds.items()}


def _dtype(value):
    """Python's floats as float32 and its whole numbers as int32, as TensorFlow takes them."""
    given = np.array(value).dtype
    return {"float64": np.float32, "int64": np.int32}.get(str(given), given)
