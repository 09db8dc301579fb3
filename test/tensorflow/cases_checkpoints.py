"""Checkpoints: shards, names, places."""

import os

from big_endian import make_big_endian
from case import case
from cases_dtypes import shaped
from runtime import np, tf, tf1


def linear(model, resource=None):
    """y = x w + b, with slashes in the names"""
    resource = model.form.startswith("meta") if resource is None else resource
    x = model.input("x", [[1.0, 2.0]])
    w = model.variable("net/layer_1/w", [[3.0], [4.0]], resource=resource)
    b = model.variable("net/layer_1/b", [5.0], resource=resource)
    return w, b, tf.add(tf.matmul(x, w), b, name="y")


@case("pb", "meta", cpus=3)
def sharded_checkpoint(model):
    total = model.input("x", [1.0])
    for index in range(6):
        with tf.device(f"/cpu:{index % 3}"):
            value = np.arange(4.0) + index
            total += model.variable(f"w{index}", value, resource=model.form == "meta")
    model.make_saver = lambda: tf1.train.Saver(sharded=True)
    return tf.identity(total, name="y")


# The names are in the graph, at the saver's nodes, but the tool looks for `<key>:0` only.
@case("pb", name="checkpoint_with_other_names_pb", fails="No variables to save")
@case("meta", name="checkpoint_with_other_names_meta")
def checkpoint_with_other_names(model):
    w, b, y = linear(model)
    model.make_saver = lambda: tf1.train.Saver({"renamed/w": w, "b of another name": b})
    return y


def drop_saver(graph_def):
    """Leaves no node that knows the names in the checkpoint."""
    kept = [node for node in graph_def.node if not node.name.startswith("save/")]
    del graph_def.node[:]
    graph_def.node.extend(kept)


@case("pb", fails="No variables to save", refused=True)
def checkpoint_without_the_names(model):
    w, b, y = linear(model)
    model.make_saver = lambda: tf1.train.Saver({"renamed/w": w, "renamed/b": b})
    model.edit = drop_saver
    return y


@case("pb", fails="Attempting to use uninitialized value", refused=True)
def checkpoint_without_a_variable(model):
    w, _, y = linear(model)
    model.make_saver = lambda: tf1.train.Saver([w])
    return y


@case("pb", fails="Restoring from checkpoint failed", refused=True)
def checkpoint_with_another_shape(model):
    def save_another():
        with tf.Graph().as_default(), tf1.Session() as session:
            other = tf1.Variable(tf.zeros([3, 1]), name="net/layer_1/w", use_resource=False)
            other_b = tf1.Variable([1.0], name="net/layer_1/b", use_resource=False)
            session.run(tf1.global_variables_initializer())
            tf1.train.Saver([other, other_b]).save(session, "./model.ckpt")

    model.after_save = save_another
    return linear(model)[2]


@case("pb", "meta")
def checkpoint_with_more_keys(model):
    y = linear(model)[2]
    for index in range(5):
        model.variable(f"net/slot_{index}", [float(index)])
    return y


def move():
    """Moves the checkpoint to a folder with a space in its name."""
    os.mkdir("moved here")
    for name in os.listdir("."):
        if name.startswith("model.ckpt.") and not name.endswith(".meta"):
            os.rename(name, os.path.join("moved here", name))


@case("pb", "meta")
def checkpoint_moved(model):
    model.after_save = move
    model.flags = {"input_checkpoint": "moved here/model.ckpt"}
    return linear(model)[2]


@case("pb", name="big_endian")
def checkpoint_of_a_big_endian_machine(model):
    types = ("float32", "float64", "half", "bfloat16", "complex64", "complex128", "bool", "string")
    outputs = []
    for name in (*types, "int8", "int16", "int32", "int64", "uint8", "uint16"):
        variable = model.variable(name, tf.constant(shaped(name, [2, 3])), tf.as_dtype(name))
        outputs.append(tf.identity(variable, name=f"{name}_out"))
    model.after_save = lambda: make_big_endian("./model.ckpt")
    return outputs
