"""GraphDefs by hand, for graphs whose frozen form TensorFlow cannot tell us."""

import tensorflow as tf


def add_node(graph_def, name, operation, inputs=(), device="", **attrs):
    """Adds a node; an attribute is a DType, bytes (a list of one), ints or a TensorProto."""
    added = graph_def.node.add(name=name, op=operation, input=inputs, device=device)
    for key, value in attrs.items():
        if isinstance(value, tf.DType):
            added.attr[key].type = value.as_datatype_enum
        elif isinstance(value, bytes):
            added.attr[key].list.s.append(value)
        elif isinstance(value, list):
            added.attr[key].list.i.extend(value)
        else:
            added.attr[key].tensor.CopyFrom(value)
    return added


def add_variable(graph_def, name, values, device=""):
    """Adds what a frozen float ref variable is: a Const, and the Identity that reads it."""
    value = tf.make_tensor_proto(values, tf.float32)
    add_node(graph_def, name, "Const", dtype=tf.float32, value=value)
    place = b"loc:@" + name.encode()
    add_node(graph_def, f"{name}/read", "Identity", [name], device, T=tf.float32, _class=place)


def frozen_graph(source):
    """An empty frozen graph: a freezer copies `versions`, and always writes a library."""
    graph_def = tf.compat.v1.GraphDef()
    graph_def.versions.CopyFrom(source.versions)
    graph_def.library.SetInParent()
    return graph_def
