"""Lookup tables: outside of TensorFlow's own bytes, what fills them stays in the graph."""

import os

from case import case
from runtime import np, tf, tf1

# TensorFlow's tool drops what would fill the tables.
DROPPED = "refers to an Operation not in the graph"


def lookup(model, table, values):
    """y = table[words] + w"""
    found = table.lookup(model.input("words", values, tf.string))
    return tf.add(found, model.resource("w", [5, 6, 7], tf.int64), name="y")


def usable(model, *initializers):
    """Our file is asked for the nodes that fill the tables, and runs them first."""
    model.own_flags = {"tf_parity": "false"}
    model.initializers = list(initializers)


@case("meta", fails=DROPPED)
def table_of_constants(model):
    keys, values = tf.constant(["a", "b"]), tf.constant([1, 2], tf.int64)
    initializer = tf.lookup.KeyValueTensorInitializer(keys, values)
    table = tf.lookup.StaticHashTable(initializer, -1)
    usable(model, table._init_op.name)  # pylint: disable=protected-access
    return lookup(model, table, [b"b", b"x", b"a"])


@case("meta", fails=DROPPED)
def table_of_a_file(model):
    with open("words.txt", "w", encoding="utf-8") as file:
        file.write("a\nb\nc\n")
    initializer = tf.lookup.TextFileInitializer(
        os.path.abspath("words.txt"),
        *(tf.string, tf.lookup.TextFileIndex.WHOLE_LINE),
        *(tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER),
    )
    table = tf.lookup.StaticVocabularyTable(initializer, 2)
    usable(model, table._table._init_op.name)  # pylint: disable=protected-access
    return lookup(model, table, [b"b", b"x", b"c"])


@case("meta", fails=DROPPED)
def table_of_the_checkpoint(model):
    table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, -1, name="counts")
    keys, values = tf.constant(["a", "b", "c"]), tf.constant([10, 20, 30], tf.int64)
    insert = table.insert(keys, values)
    tf1.add_to_collection(tf1.GraphKeys.TABLE_INITIALIZERS, insert)
    y = lookup(model, table, [b"b", b"x", b"c"])
    saver = tf1.train.Saver()
    model.make_saver = lambda: saver
    graph = tf1.get_default_graph()
    imports = [op for op in graph.get_operations() if op.type == "LookupTableImportV2"]
    usable(model, *(op.name for op in imports))
    return y


@case("meta", fails=DROPPED)
def table_that_a_table_fills(model):
    keys = tf.constant(["a", "b"])
    first = tf.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(keys, tf.constant(["x", "y"])), "?"
    )
    with tf.control_dependencies([first._init_op]):  # pylint: disable=protected-access
        values = first.lookup(keys)
    second = tf.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(values, tf.constant([3, 4], tf.int64)), -1
    )
    # pylint: disable=protected-access
    usable(model, first._init_op.name, second._init_op.name)
    return lookup(model, second, [b"x", b"b", b"y"])


@case("meta", fails=DROPPED)
def table_that_a_function_fills(model):
    handle = tf.raw_ops.HashTableV2(
        key_dtype=tf.string, value_dtype=tf.int64, shared_name="t", name="table"
    )

    @tf.function
    def fill(keys, values):
        tf.raw_ops.LookupTableImportV2(table_handle=handle, keys=keys, values=values)
        return tf.constant(0)

    @tf.function
    def find(words):
        return tf.raw_ops.LookupTableFindV2(
            table_handle=handle, keys=words, default_value=np.int64(-1)
        )

    filled = fill(tf.constant(["a", "b"]), tf.constant([1, 2], tf.int64))
    tf1.add_to_collection(tf1.GraphKeys.TABLE_INITIALIZERS, filled.op)
    call = next(op for op in tf1.get_default_graph().get_operations() if "PartitionedCall" in op.type)
    usable(model, call.name)
    found = find(model.input("words", [b"b", b"x", b"a"], tf.string))
    return tf.add(found, model.resource("w", [5, 6, 7], tf.int64), name="y")
