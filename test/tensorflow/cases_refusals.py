"""Command lines that have no right answer: both tools must refuse, and write nothing."""

from case import case
from runtime import tf


def small(model):
    """y = 2 w"""
    return tf.multiply(model.variable("w", [1.0, 2.0]), 2.0, name="y")


@case("pb", "pbtxt", "meta", fails="nothing is not in graph", refused=True)
def refused_unknown_output(model):
    model.flags = {"output_node_names": "y,nothing"}
    return small(model)


@case(fails="You need to supply the name of a node", refused=True)
def refused_no_output(model):
    model.flags = {"output_node_names": None}
    return small(model)


@case("pb", "meta", fails="doesn't exist!", refused=True)
def refused_missing_checkpoint(model):
    model.flags = {"input_checkpoint": "./missing.ckpt"}
    return small(model)


@case(fails="does not exist!", refused=True)
def refused_missing_graph(model):
    model.flags = {"input_graph": "missing.pb"}
    return small(model)


@case(fails="Invalid checkpoint version", refused=True)
def refused_checkpoint_version(model):
    model.flags = {"checkpoint_version": "3"}
    return small(model)


@case(fails="exit code 1", refused=True)
def refused_unknown_flag(model):
    model.flags = {"no_such_flag": "1"}
    return small(model)


@case(fails="DecodeError", refused=True)
def refused_damaged_graph(model):
    model.encode = lambda graph_def: graph_def.SerializeToString()[:-3]
    return small(model)
