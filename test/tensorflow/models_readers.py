"""Everything that reads a variable, in functions and in loops; tables and assets."""

import pathlib

from model import Served, model, tf
from models_functions import module

TABLE = [[float(10 * row + column) for column in range(3)] for row in range(5)]
RESOURCE = "expected type resource != float"


@model(fails=RESOURCE)
def gather_in_a_function():
    m = module(table=TABLE)
    return Served(m, lambda i: tf.gather(m.table, i), i=[3, 0, 3])


@model(fails=RESOURCE)
def gather_in_a_loop():
    m = module(table=TABLE)
    step = lambda i, y: (i + 1, y + tf.gather(m.table, i))
    return Served(m, lambda x: tf.while_loop(lambda i, y: i < 4, step, [0, x])[1], x=[1.0, 2.0, 3.0])


@model(fails=RESOURCE, tfjs_lacks="batch_dims")
def gather_with_a_batch_dimension():
    m = module(table=TABLE)
    raw = tf.raw_ops.ResourceGather
    serve = lambda i: raw(resource=m.table.handle, indices=i, batch_dims=1, dtype=tf.float32)
    return Served(m, serve, i=[[0, 2], [1, 1], [2, 0], [0, 0], [1, 2]])


@model(fails=RESOURCE, tfjs_lacks="batch_dims")
def gather_with_two_batch_dimensions():
    m = module(table=[TABLE, TABLE])
    raw = tf.raw_ops.ResourceGather
    serve = lambda i: raw(resource=m.table.handle, indices=i, batch_dims=2, dtype=tf.float32)
    return Served(m, serve, i=[[0, 1, 2, 0, 1], [2, 2, 1, 1, 0]])


@model(fails=RESOURCE)
def gather_in_a_branch():
    m = module(table=TABLE)
    serve = lambda i: tf.cond(i[0] > 1, lambda: tf.gather(m.table, i), lambda: tf.gather(m.table, i + 1))
    return Served(m, serve, i=[3, 0])


@model()
def gather_nd_in_a_function():
    m = module(table=TABLE)
    return Served(m, lambda i: tf.gather_nd(m.table, i), i=[[3, 0], [1, 2]])


@model(fails=RESOURCE)
def shape_of_a_variable():
    m = module(table=TABLE)
    raw = tf.raw_ops.VariableShape
    return Served(m, lambda x: tf.cast(raw(input=m.table.handle), tf.float32) * x, x=[1.0, 2.0])


@model(fails=RESOURCE)
def shape_of_a_variable_as_long():
    m = module(table=TABLE)
    serve = lambda x: tf.cast(tf.raw_ops.VariableShape(input=m.table.handle, out_type=tf.int64), tf.float32) * x
    return Served(m, serve, x=[1.0, 2.0])


@model(fails=RESOURCE)
def question_whether_a_variable_is_initialized():
    m = module(w=[2.0, 3.0])
    serve = lambda x: tf.cast(tf.raw_ops.VarIsInitializedOp(resource=m.w.handle), tf.float32) * x
    return Served(m, serve, x=[1.0, 2.0])


@model(fails=RESOURCE)
def embedding_lookup_sparse():
    m = module(table=TABLE)

    def serve(i):
        ids = tf.sparse.from_dense(i)
        return tf.nn.embedding_lookup_sparse(m.table, ids, None, combiner="mean")

    return Served(m, serve, i=[[1, 2, 0], [3, 0, 0]])


@model()
def read_behind_a_control_edge():
    m = module(w=[2.0, 3.0])

    def serve(x):
        with tf.control_dependencies([tf.debugging.assert_positive(x)]):
            return x * m.w.read_value()

    return Served(m, serve, x=[1.0, 2.0])


@model(fails="Table not initialized")
def table_of_constants_in_a_module():
    m = module(w=[2.0, 3.0])
    pairs = tf.lookup.KeyValueTensorInitializer(["a", "b"], [1.0, 2.0])
    m.table = tf.lookup.StaticHashTable(pairs, -1.0)
    return Served(m, lambda x: m.table.lookup(x) * m.w, x=["a", "z"])


@model(fails="Table not initialized", tfjs_lacks="InitializeTableFromTextFileV2")
def table_of_an_asset():
    pathlib.Path("words.txt").write_text("red\ngreen\nblue\n")
    m = module(w=[2, 3])
    rows = tf.lookup.TextFileInitializer(
        "words.txt", tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER
    )
    m.table = tf.lookup.StaticHashTable(rows, -1)
    return Served(m, lambda x: tf.cast(m.table.lookup(x), tf.int32) * m.w, x=["blue", "green"])


@model(fails=RESOURCE)
def counter_that_goes_on():
    m = module(w=[2.0, 3.0], count=1.0)

    def serve(x):
        m.count.assign_add(1.0)
        return x * m.w * m.count

    return Served(m, serve, x=[1.0, 2.0])
