"""Models that went on being trained after they were saved: the SavedModel has the graph, a checkpoint the values.

TensorFlow's tool takes the SavedModel's own values instead, whatever checkpoint it is given.
"""

import json
import pathlib

import tf_keras
from tf_keras import layers

from model import Built, Served, model, tf
from models_functions import module
from models_keras import NUMBERS, fill
from models_keras_2 import normal

tf1 = tf.compat.v1

OLD_VALUES = "but got"


class Trained(Served):
    """The variables change when the graph is saved; `objects` names what is in the checkpoint of objects."""

    live = "trained_model"
    own_flags = ("--checkpoint=trained",)

    def __init__(self, module_, function, objects, **feeds):
        super().__init__(module_, function, **feeds)
        self.objects = objects

    def save(self, folder):
        super().save(folder)
        for variable in self.module.variables:
            variable.assign(variable * 2 - 1)
        tf.train.Checkpoint(**self.objects).write("trained")
        # For the numbers only.
        super().save(self.live)


@model(fails=OLD_VALUES)
def trained_under_the_same_paths():
    m = module(w=[2.0, 3.0], b=[0.5, 4.0])
    return Trained(m, lambda x: x * m.w + m.b, {"w": m.w, "b": m.b}, x=[1.0, 2.0])


@model(fails=OLD_VALUES)
def trained_under_other_paths():
    """The names of the variables, which the checkpoint has too, tell which is which."""
    m = module(w=[2.0, 3.0], b=[0.5, 4.0])
    return Trained(m, lambda x: x * m.w + m.b, {"network": m, "step": tf.Variable(7)}, x=[1.0, 2.0])


class Mapped(Trained):
    """With a map of the user's: its keys are the names that TensorFlow gave to variables of one name."""

    own_flags = (*Trained.own_flags, "--variable-map=variables.json")

    def save(self, folder):
        keys = {
            str(variable.numpy()): f"network/{path}/.ATTRIBUTES/VARIABLE_VALUE"
            for path, variable in vars(self.module).items()
            if isinstance(variable, tf.Variable)
        }
        super().save(folder)
        with tf.Graph().as_default() as graph, tf1.Session() as session:
            tf1.saved_model.load(session, self.tags, folder)
            handles = [op.outputs[0] for op in graph.get_operations() if op.type == "VarHandleOp"]
            reads = {each.op.name: tf.raw_ops.ReadVariableOp(resource=each, dtype=tf.float32) for each in handles}
            names = {name: keys[str(value)] for name, value in session.run(reads).items()}
        pathlib.Path("variables.json").write_text(json.dumps(names), encoding="utf-8")


@model(fails=OLD_VALUES)
def trained_under_equal_names():
    """Nothing tells the variables apart but the map."""
    m = module()
    m.one = tf.Variable([2.0, 3.0], name="kernel")
    m.two = tf.Variable([0.5, 4.0], name="kernel")
    return Mapped(m, lambda x: x * m.one + m.two, {"network": m}, x=[1.0, 2.0])


class TrainedNetwork(Built):
    """A network that is exported, trained, and kept as a checkpoint with its optimiser."""

    live = "trained_model"
    own_flags = ("--checkpoint=trained",)
    feeds = None

    def __init__(self, network, inputs, targets):
        self.network = network
        self.values = (inputs,)
        self.targets = targets

    def save(self, folder):
        self.network.export(folder)
        self.network.fit(*self.values, self.targets, verbose=0)
        tf.train.Checkpoint(model=self.network, optimizer=self.network.optimizer).write("trained")
        self.network.export(self.live)


@model(fails=OLD_VALUES, rtol=NUMBERS)
def trained_network_of_keras_2():
    network = tf_keras.Sequential(
        [
            layers.Input((4,)),
            layers.Dense(3, activation="relu"),
            layers.BatchNormalization(),
            layers.Dense(3),
            layers.Dense(1),
        ]
    )
    fill(network)
    network.compile("adam", "mse")
    return TrainedNetwork(network, normal(8, 4), normal(8, 1))
