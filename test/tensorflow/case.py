"""What a case is, and how its files are made.

A case is a function that builds a TensorFlow 1 style graph:

    @case("pb", "meta")
    def matmul(model):
        x = model.input("x", [[1.0, 2.0]])
        return tf.matmul(x, model.variable("w", [[3.0], [4.0]]), name="y")

Its variables are saved to a checkpoint, its graph is written in the forms named by the decorator,
its outputs are run in the live session, and TensorFlow's own freeze_graph makes `expected.pb`.
"""

import dataclasses
from typing import Callable

from runtime import np, tf, tf1

FORMS = {
    # form: (file, its flag, is it binary)
    "pb": ("graph.pb", "input_graph", True),
    "pbtxt": ("graph.pbtxt", "input_graph", False),
    "meta": ("model.ckpt.meta", "input_meta_graph", True),
    "meta_text": ("model.meta.pbtxt", "input_meta_graph", False),
    "saved": ("saved", "input_saved_model_dir", True),
    "saved_text": ("saved", "input_saved_model_dir", False),
}

CASES = {}


@dataclasses.dataclass
class Case:
    """One entry of the list.

    `fails` is a part of the error that TensorFlow must give, either while freezing or when its
    frozen file is loaded. Our file must then give the numbers of the live session instead.
    `refused` says that permafrost must refuse too, because there is nothing right to write.
    """

    name: str
    build: Callable
    form: str
    fails: str | None = None
    refused: bool = False
    cpus: int = 1


def case(*forms, name=None, fails=None, refused=False, cpus=1):
    """Registers a builder, once for each form its graph is written in."""
    forms = forms or ("pb",)

    def register(build):
        for form in forms:
            stem = name or build.__name__
            full = stem if len(forms) == 1 else f"{stem}_{form}"
            if full in CASES:
                raise ValueError(f"two cases are called {full}")
            CASES[full] = Case(full, build, form, fails, refused, cpus)
        return build

    return register


class Model:
    """What a builder has in its hands. The attributes may be changed by the builder."""

    def __init__(self, spec):
        self.form = spec.form
        self.feeds = {}
        self.fetches = {}
        # Further flags, and other values for the usual ones: None leaves a flag out, True gives it
        # without a value.
        self.flags = {}
        # Writes `--flag value` instead of `--flag=value`.
        self.separate_values = False
        # For a flag that permafrost also knows under another name.
        self.flag_aliases = {}
        # Further flags for permafrost alone.
        self.own_flags = {}
        # What must be run before the frozen graph; None: the `initializer_nodes`.
        self.initializers = None
        # Operations that the live session runs once, when its variables are saved.
        self.more_initializers = []
        # By default the Saver saves every variable, as a user's does.
        self.make_saver = tf1.train.Saver
        # Adds MetaGraphDefs to a SavedModel in its own way: builder and session in.
        self.add_meta_graphs = None
        # Changes the GraphDef before it is written.
        self.edit = None
        # Writes a binary GraphDef in its own way: GraphDef in, bytes out.
        self.encode = None
        # Writes a text GraphDef in its own way: GraphDef in, str out.
        self.print = None
        # Runs in the case's directory when all its files are written, before freezing.
        self.after_save = None
        # What the frozen graph must be, for graphs that TensorFlow cannot freeze.
        self.structure = None
        # False for outputs that cannot run after freezing, such as those of kept variables.
        # The frozen graph is then imported only, or held against `structure` only.
        self.run = True
        self.add_shapes = False
        self.rtol = 0

    def input(self, name, value, dtype=tf.float32, shape=None):
        """A placeholder, and what it is fed with."""
        value = np.array(value, dtype=tf.as_dtype(dtype).as_numpy_dtype)
        tensor = tf1.placeholder(dtype, value.shape if shape is None else shape, name=name)
        self.feeds[tensor.name] = value
        return tensor

    def variable(self, name, value, dtype=tf.float32, resource=False, **options):
        """A variable with a given first value, an array or a tensor."""
        if not isinstance(value, tf.Tensor):
            value = np.array(value, dtype=tf.as_dtype(dtype).as_numpy_dtype)
        return tf1.Variable(value, name=name, dtype=dtype, use_resource=resource, **options)

    def resource(self, name, value, dtype=tf.float32, **options):
        """A resource variable with a given first value."""
        return self.variable(name, value, dtype, resource=True, **options)

    def fetch_as(self, name, tensor):
        """Fetches `tensor` live where the frozen graph is asked for `name`."""
        self.fetches[name] = tensor
