"""The fields of a GraphDef beside its nodes, and nodes that TensorFlow does not know."""

import wire
from case import case
from nodes import add_node, add_variable, frozen_graph
from runtime import tf, tf1

LIBRARY, VERSION, VERSIONS, DEBUG_INFO = 2, 3, 4, 5


def small(model):
    """y = 2 w"""
    return tf.multiply(model.variable("w", [1.0, 2.0]), 2.0, name="y")


def add_fields(name, *fields, without=(), **options):
    """Registers a case whose graph lacks some fields and has others at its end."""

    def encode(graph_def):
        found = wire.split(graph_def.SerializeToString(deterministic=True))
        kept = b"".join(raw for number, _, raw in found if number not in without)
        return kept + b"".join(wire.field(number, value) for number, value in fields)

    @case(name=name, **options)
    def with_fields(model):
        model.encode = encode
        return small(model)


add_fields("library_absent", without=[LIBRARY])
add_fields("library_empty", (LIBRARY, b""), without=[LIBRARY])
add_fields("versions_absent", without=[VERSIONS])
add_fields("versions_empty", (VERSIONS, b""), without=[VERSIONS])
add_fields("versions_and_library_absent", without=[LIBRARY, VERSIONS])
add_fields("versions_of_an_old_producer", (VERSIONS, wire.field(1, 21)), without=[VERSIONS])
add_fields(
    "versions_with_bad_consumers",
    (VERSIONS, wire.field(1, 1000) + wire.field(2, 12) + wire.field(3, 5) + wire.field(3, 6)),
    without=[VERSIONS],
)
add_fields("version_of_old", (VERSION, 20))
add_fields("debug_info", (DEBUG_INFO, wire.field(1, b"file.py")))


@case("pb", "meta")
def debug_info_of_a_node(model):
    def edit(graph_def):
        for node in graph_def.node:
            node.experimental_debug_info.original_node_names.append(f"was {node.name}")

    model.edit = edit
    return small(model)


@case("pb", "pbtxt", "meta")
def library_of_another_function(model):
    @tf.function
    def twice(x):
        with tf.device("/cpu:0"):
            return x + x

    x = model.input("x", [1.0, 2.0])
    twice(x)
    return tf.multiply(model.variable("w", [3.0, 4.0]), x, name="y")


def add_variables_of_another_op(name, fails):
    """Registers a case of variables that no TensorFlow of today makes."""

    @case("pb", name=f"old_op_{name}", fails=fails)
    def old_op(model):
        def edit(graph_def):
            for node in graph_def.node:
                if node.op == "VariableV2":
                    node.op = name

        model.edit = edit
        return small(model)


add_variables_of_another_op("Variable", fails="uninitialized value w")
add_variables_of_another_op("AutoReloadVariable", fails="Op type not registered")


def add_custom_op(graph_def):
    """Puts an op between y and its input that no TensorFlow has a kernel or an entry for."""
    add_node(graph_def, "custom", "VendorFastGelu", ["w/read"], T=tf.float32, window=[1, 2, 3])
    next(found for found in graph_def.node if found.name == "y").input[0] = "custom"


@case("pb", fails="Op type not registered 'VendorFastGelu'")
def custom_op(model):
    y = small(model)
    model.edit = add_custom_op
    model.run = False
    model.structure = expected = frozen_graph(tf1.get_default_graph().as_graph_def())
    add_variable(expected, "w", [1.0, 2.0])
    two = tf.make_tensor_proto(2.0, tf.float32)
    add_node(expected, "y/y", "Const", dtype=tf.float32, value=two)
    add_node(expected, "y", "Mul", ["custom", "y/y"], T=tf.float32)
    add_node(expected, "custom", "VendorFastGelu", ["w/read"], T=tf.float32, window=[1, 2, 3])
    return y
