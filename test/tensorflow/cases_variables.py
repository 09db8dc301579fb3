"""Kinds of variables, through every form a graph is written in."""

from case import case
from runtime import np, tf

GRAPHS = ("pb", "pbtxt")
METAS = ("meta", "meta_text")
# TensorFlow's tool makes a Saver from bare tensors, and finds no handle behind a read.
NO_HANDLE = "IndexError: tuple index out of range"


def linear(model, resource):
    """y = relu(x w + b)"""
    x = model.input("x", [[1.0, -2.0, 3.0]], shape=[None, 3])
    w = model.variable("layer/w", np.linspace(-1, 1, 6).reshape(3, 2), resource=resource)
    b = model.variable("layer/b", [0.25, -0.5], resource=resource)
    return tf.nn.relu(tf.matmul(x, w) + b, name="y")


@case(*GRAPHS, *METAS)
def ref_variable(model):
    return linear(model, resource=False)


@case(*GRAPHS, name="resource_variable", fails=NO_HANDLE)
@case(*METAS, name="resource_variable")
def resource_variable(model):
    return linear(model, resource=True)


@case("pb", name="mixed_variables_pb", fails=NO_HANDLE)
@case("meta", name="mixed_variables_meta")
def mixed_variables(model):
    x = model.input("x", [1.0, 2.0])
    return tf.add(x * model.variable("ref", [3.0, 4.0]), model.resource("res", [5.0, 6.0]), "y")
