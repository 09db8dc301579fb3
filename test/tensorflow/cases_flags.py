"""The ways in which a flag can be written."""

from case import case
from runtime import tf


def small(model):
    """y = 2 w, on a device"""
    with tf.device("/cpu:0"):
        return tf.multiply(model.variable("w", [1.0, 2.0]), 2.0, name="y")


@case()
def flags_without_values(model):
    model.flags = {"input_binary": True, "clear_devices": True}
    return small(model)


@case()
def flags_in_capitals(model):
    model.flags = {"input_binary": "True", "clear_devices": "FALSE"}
    return small(model)


@case("pb", "pbtxt")
def flags_as_two_arguments(model):
    model.separate_values = True
    model.flags = {"clear_devices": "false"}
    return small(model)


@case("pbtxt")
def flags_at_their_defaults(model):
    model.flags = {"input_binary": None}
    return small(model)


@case()
def flags_that_do_nothing(model):
    model.flags = {"restore_op_name": "save/restore_all", "filename_tensor_name": "save/Const:0"}
    return small(model)


@case()
def flags_that_are_empty(model):
    names = ("input_saver", "initializer_nodes", "variable_names_whitelist", "input_meta_graph")
    model.flags = {name: "" for name in names}
    return small(model)
