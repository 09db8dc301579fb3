"""Gathers, which read rows of a resource variable without reading all of it."""

from case import case
from runtime import np, tf


@case("pb", "meta")
def gather(model):
    table = model.variable(
        "table", np.arange(12.0).reshape(6, 2), resource=model.form == "meta"
    )
    ids = model.input("ids", [5, 0, 3], tf.int32)
    more = model.input("more", [1, 1], tf.int64)
    rows = tf.gather(table, ids, name="rows")
    again = tf.gather(table, more, name="more_rows")
    return [tf.reduce_sum(rows, name="y"), again]


@case("meta")
def gather_nd(model):
    table = model.resource("table", np.arange(12.0).reshape(6, 2))
    return tf.gather_nd(table, model.input("ids", [[5, 0], [2, 1]], tf.int32), name="y")


@case("meta", fails="batch_dims must be 0")
def gather_with_batch_dims(model):
    table = model.resource("table", np.arange(12.0).reshape(2, 3, 2))
    ids = model.input("ids", [[2, 0], [1, 1]], tf.int32)
    return tf.raw_ops.ResourceGather(
        resource=table.handle, indices=ids, dtype=tf.float32, batch_dims=1, name="y"
    )


# TensorFlow overwrites the node that has the name already.
@case("meta", fails="rows/axis")
def gather_whose_axis_name_is_taken(model):
    table = model.resource("table", np.arange(6.0).reshape(3, 2))
    taken = tf.constant([2, 0], name="rows/axis")
    rows = tf.raw_ops.ResourceGather(
        resource=table.handle, indices=taken, dtype=tf.float32, name="rows"
    )
    return tf.identity(rows, name="y")
