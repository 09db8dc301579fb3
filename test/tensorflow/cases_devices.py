"""Devices, and colocation, which stands in for them."""

from case import case
from nodes import add_node, add_variable, frozen_graph
from runtime import tf, tf1

NO_DEVICE = "Cannot assign a device"


def placed(model, device, other=None):
    """Variables and an op under devices."""
    resource = model.form.startswith("meta")
    with tf.device(device):
        w = model.variable("w", [1.0, 2.0], resource=resource)
        x = model.input("x", [3.0, 4.0])
    with tf.device(other):
        return tf.multiply(x, w, name="y")


@case("pb", "pbtxt", "meta", cpus=2)
def devices_cleared_by_default(model):
    return placed(model, "/cpu:0", "/cpu:1")


@case("pb", "meta")
def devices_cleared(model):
    model.flags = {"clear_devices": "true"}
    return placed(model, "/device:GPU:0", "/device:GPU:1")


@case("pb", "meta")
def devices_kept(model):
    model.flags = {"clear_devices": "false"}
    return placed(model, "/cpu:0", "/device:CPU:0")


@case("meta")
def devices_kept_of_a_gpu_meta(model):
    model.flags = {"clear_devices": "false"}
    return placed(model, "/device:GPU:0")


@case("pb", fails=NO_DEVICE)
def devices_kept_of_a_gpu_pb(model):
    return kept(model, "/device:GPU:0")


@case("pb", fails=NO_DEVICE, cpus=2)
def devices_kept_of_a_second_cpu(model):
    return kept(model, "/device:CPU:1")


def kept(model, device):
    """A graph that TensorFlow cannot freeze where the device is absent; the device must stay."""
    y = placed(model, device)
    model.flags = {"clear_devices": "false"}
    model.structure = expected = frozen_graph(tf1.get_default_graph().as_graph_def())
    add_variable(expected, "w", [1.0, 2.0], device)
    x = add_node(expected, "x", "Placeholder", device=device, dtype=tf.float32)
    x.attr["shape"].shape.dim.add(size=2)
    add_node(expected, "y", "Mul", ["x", "w/read"], T=tf.float32)
    return y


@case("pb")
def devices_of_unused_nodes(model):
    with tf.device("/device:GPU:7"):
        model.variable("unused", [1.0])
    return placed(model, None)


@case("pb", "meta")
def colocated_with_a_variable(model):
    resource = model.form == "meta"
    w = model.variable("w", [1.0, 2.0], resource=resource)
    b = model.variable("b", [3.0, 4.0], resource=resource)
    with tf1.colocate_with(w.op if not resource else w.handle.op):
        near = tf.add(b, 1.0, name="near")
    return tf.multiply(near, w, name="y")


@case("pb", fails="uninitialized value unused")
def colocated_with_an_unsaved_variable(model):
    w = model.variable("w", [1.0, 2.0])
    unused = tf1.Variable([3.0], name="unused", use_resource=False, trainable=False)
    model.make_saver = lambda: tf1.train.Saver([w])
    with tf1.colocate_with(unused.op):
        return tf.multiply(w, 2.0, name="y")


@case("pb", "meta")
def colocated_with_an_unused_variable(model):
    w = model.variable("w", [1.0, 2.0])
    unused = model.variable("unused", [3.0])
    with tf1.colocate_with(unused.op):
        return tf.multiply(w, 2.0, name="y")


@case("pb")
def colocated_with_an_op(model):
    w = model.variable("w", [1.0, 2.0])
    anchor = tf.constant([1.0], name="anchor")
    with tf1.colocate_with(anchor.op):
        return tf.multiply(w, 2.0, name="y")


@case("meta")
def colocated_read_and_gather(model):
    table = model.resource("table", [[1.0], [2.0], [3.0]])
    with tf1.colocate_with(table.handle.op):
        read = tf.raw_ops.ReadVariableOp(resource=table.handle, dtype=tf.float32, name="again")
        rows = tf.gather(table, model.input("ids", [2, 0], tf.int32), name="rows")
    return [read, rows]


def colocate_with_absent(graph_def):
    """Names a node that is not in the graph."""
    node = next(node for node in graph_def.node if node.name == "y")
    node.attr["_class"].list.s.append(b"loc:@absent")


@case("pb", fails="absent")
def colocated_with_an_absent_node(model):
    model.edit = colocate_with_absent
    return tf.multiply(model.variable("w", [1.0, 2.0]), 2.0, name="y")


def class_without_location(graph_def):
    """A `_class` may say other things than a location."""
    node = next(node for node in graph_def.node if node.name == "y")
    node.attr["_class"].list.s.append(b"unused")


@case("pb")
def class_without_location_names_a_node(model):
    model.variable("unused", [3.0])
    model.edit = class_without_location
    return tf.multiply(model.variable("w", [1.0, 2.0]), 2.0, name="y")
