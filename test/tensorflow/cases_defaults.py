"""Attributes that a graph leaves to their defaults, as graphs of older TensorFlows do."""

from tensorflow.python.framework import op_def_registry

from case import case
from runtime import np, tf


def convolution(model):
    x = model.input("x", np.arange(18.0).reshape(1, 3, 3, 2))
    resource = model.form.startswith("meta")
    w = model.variable("w", np.arange(8.0).reshape(2, 2, 2, 1), resource=resource)
    scale = model.variable("scale", [0.5], resource=resource)
    pooled = tf.nn.max_pool2d(tf.nn.conv2d(x, w, 1, "SAME"), 2, 1, "SAME")
    return tf.matmul(tf.reshape(pooled, [9, 1]), [[2.0]], name="product"), tf.identity(scale, "y")


def strip_defaults(graph_def):
    """Takes away every attribute that has its default value."""
    for node in graph_def.node:
        for attr in op_def_registry.get(node.op).attr:
            if attr.HasField("default_value") and node.attr[attr.name] == attr.default_value:
                del node.attr[attr.name]


@case("pb", "pbtxt", "meta")
def defaults_left_out(model):
    model.edit = strip_defaults
    return convolution(model)


@case("pb")
def defaults_left_out_of_a_kept_variable(model):
    model.edit = strip_defaults
    model.flags = {"variable_names_denylist": "w"}
    model.run = False
    return convolution(model)


@case("pb")
def defaults_without_a_value(model):
    def empty_them(graph_def):
        strip_defaults(graph_def)
        for node in graph_def.node:
            for attr in op_def_registry.get(node.op).attr:
                if attr.HasField("default_value"):
                    node.attr[attr.name].Clear()

    model.edit = empty_them
    return convolution(model)


@case("pb")
def defaults_of_an_older_version(model):
    """The attributes that TensorFlow 1.12 did not have yet, and the others kept."""

    def age(graph_def):
        newer = {"explicit_paddings", "allowed_devices", "debug_name", "grad_a", "grad_b"}
        for node in graph_def.node:
            for name in newer & set(node.attr):
                del node.attr[name]
        graph_def.versions.producer = 27

    model.edit = age
    return convolution(model)
