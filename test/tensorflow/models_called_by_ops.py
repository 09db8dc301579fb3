"""Functions that ops call which are no calls: datasets, maps, batches, remote calls."""

from model import Served, model, tf
from models_functions import module
from models_readers import RESOURCE

# pylint: disable=wrong-import-order
from tensorflow.python.ops import functional_ops


@model(fails=RESOURCE, tfjs_lacks="TensorSliceDataset")
def reduction_over_a_dataset():
    m = module(w=[2.0, 3.0])

    def serve(x):
        rows = tf.data.Dataset.from_tensor_slices(x).map(lambda row: row * m.w)
        return rows.filter(lambda row: row[0] > 1).reduce(tf.zeros([2]), lambda total, row: total + row)

    return Served(m, serve, x=[[0.1, 2.0], [3.0, 4.0], [5.0, 6.0]])


@model(fails=RESOURCE, tfjs_lacks="TensorSliceDataset")
def table_looked_up_in_a_dataset():
    m = module(table=[[1.0], [2.0], [3.0]])

    def serve(x):
        rows = tf.data.Dataset.from_tensor_slices(x).map(lambda i: tf.gather(m.table, i))
        return rows.batch(2).reduce(tf.zeros([1]), lambda total, row: total + tf.reduce_sum(row, 0))

    return Served(m, serve, x=[2, 0, 1])


@model(fails=RESOURCE, tfjs_lacks="TensorSliceDataset")
def interleaved_datasets():
    m = module(w=[2.0, 3.0])

    def serve(x):
        rows = tf.data.Dataset.from_tensor_slices(x).interleave(
            lambda row: tf.data.Dataset.from_tensors(row * m.w).repeat(2), cycle_length=2
        )
        return rows.reduce(tf.zeros([2]), lambda total, row: total * 2 + row)

    return Served(m, serve, x=[[0.1, 2.0], [3.0, 4.0]])


@model(fails=RESOURCE, tfjs_lacks="MapDefun")
def mapped_function():
    m = module(w=[2.0, 3.0])
    scale = tf.function(lambda row: row * m.w).get_concrete_function(tf.TensorSpec([2]))

    def serve(x):
        return tf.raw_ops.MapDefun(
            arguments=[x],
            captured_inputs=scale.captured_inputs,
            output_types=[tf.float32],
            output_shapes=[[2]],
            f=scale,
        )[0]

    return Served(m, serve, x=[[1.0, 2.0], [3.0, 4.0]])


@model(fails=RESOURCE, tfjs_lacks="RemoteCall")
def remote_call():
    m = module(w=[2.0, 3.0])
    scale = tf.function(lambda x: x * m.w).get_concrete_function(tf.TensorSpec([2]))

    def serve(x):
        captured = scale.captured_inputs
        return functional_ops.remote_call(
            args=[x, *captured], Tout=[tf.float32], f=scale, target="/job:localhost/replica:0/task:0/device:CPU:0"
        )[0]

    return Served(m, serve, x=[1.0, 2.0])


@model(fails=RESOURCE, tfjs_lacks="BatchFunction")
def batched_calls():
    m = module(w=[2.0, 3.0])

    @tf.nondifferentiable_batch_function(1, 4, 10)
    def scale(x):
        return x * m.w

    return Served(m, lambda x: scale(x), x=[[1.0, 2.0]])


@model(fails=RESOURCE, tfjs_lacks="TensorSliceDataset")
def running_totals_of_a_dataset():
    m = module(w=[2.0, 3.0])

    def serve(x):
        rows = tf.data.Dataset.from_tensor_slices(x).scan(
            tf.zeros([2]), lambda total, row: (total + row * m.w, total)
        )
        return rows.reduce(tf.zeros([2]), lambda total, row: total * m.w + row)

    return Served(m, serve, x=[[0.1, 2.0], [3.0, 4.0]])


@model(fails="expected type resource != int64", tfjs_lacks="TensorSliceDataset")
def groups_of_a_dataset():
    m = module(key=tf.constant(2, tf.int64), w=[2.0, 3.0])

    def serve(x):
        rows = tf.data.Dataset.from_tensor_slices(x).group_by_window(
            key_func=lambda row: tf.cast(row[0], tf.int64) % m.key,
            reduce_func=lambda key, window: window.map(lambda row: row * m.w + tf.cast(key, tf.float32)).batch(2),
            window_size=2,
        )
        return rows.reduce(tf.zeros([2]), lambda total, row: total * 2 + tf.reduce_sum(row, 0))

    return Served(m, serve, x=[[1.0, 2.0], [3.0, 4.0], [2.0, 1.0]])


@model(fails=RESOURCE, tfjs_lacks="TensorSliceDataset")
def dataset_read_in_parallel():
    m = module(w=[2.0, 3.0], least=1.0)

    def serve(x):
        rows = tf.data.Dataset.from_tensor_slices(x)
        rows = rows.map(lambda row: row * m.w, num_parallel_calls=2)
        rows = rows.interleave(
            lambda row: tf.data.Dataset.from_tensors(row * m.w), cycle_length=2, num_parallel_calls=2
        )
        rows = rows.take_while(lambda row: row[0] > m.least)
        return rows.reduce(tf.zeros([2]), lambda total, row: total * 2 + row)

    return Served(m, serve, x=[[2.0, 2.0], [3.0, 4.0], [0.1, 1.0]])


@model(fails=RESOURCE, tfjs_lacks="TensorSliceDataset")
def lookup_in_a_dataset():
    """The functions capture a table and variables, in this order and the other."""
    m = module(w=2.0, least=1.0)
    pairs = tf.lookup.KeyValueTensorInitializer(["a", "b"], [1.0, 2.0])
    m.table = tf.lookup.StaticHashTable(pairs, -1.0)

    def serve(x):
        rows = tf.data.Dataset.from_tensor_slices(x)
        rows = rows.filter(lambda word: m.table.lookup(word) > -m.least)
        rows = rows.map(lambda word: m.w * m.table.lookup(word))
        return rows.reduce(0.0, lambda total, row: total * 2 + row)

    return Served(m, serve, x=["a", "z", "b"])


@model(fails=RESOURCE, tfjs_lacks="SymbolicGradient")
def gradient_of_a_function_with_a_variable():
    """By the input and by the variable."""
    m = module(w=[2.0, 3.0])
    scale = tf.function(lambda x: x * x * m.w).get_concrete_function(tf.TensorSpec([2]))

    def serve(x):
        by_x, by_w = functional_ops.symbolic_gradient(
            input=[x, *scale.captured_inputs, tf.ones([2])], Tout=[tf.float32, tf.float32], f=scale
        )
        return {"x": by_x, "w": by_w}

    return Served(m, serve, x=[5.0, 7.0])


@model(fails=RESOURCE, tfjs_lacks="TensorSliceDataset")
def dataset_of_old_ops():
    """The same functions under the ops that TensorFlow 1.14 wrote."""
    m = module(w=[2.0, 3.0], least=1.0)
    row = tf.TensorSpec([2])
    taken = tf.function(lambda x: x[0] > m.least).get_concrete_function(row)
    scanned = tf.function(lambda total, x: (total + x, total * m.w)).get_concrete_function(row, row)
    batched = tf.function(lambda x: x * m.w).get_concrete_function(row)
    shaped = {"output_types": [tf.float32], "output_shapes": [[2]]}

    def serve(x):
        rows = tf.raw_ops.TensorSliceDataset(components=[x], output_shapes=[[2]])
        rows = tf.raw_ops.ExperimentalTakeWhileDataset(
            input_dataset=rows, other_arguments=taken.captured_inputs, predicate=taken, **shaped
        )
        rows = tf.raw_ops.ExperimentalScanDataset(
            input_dataset=rows,
            initial_state=[tf.ones([2])],
            other_arguments=scanned.captured_inputs,
            f=scanned,
            **shaped,
        )
        rows = tf.raw_ops.ExperimentalMapAndBatchDataset(
            input_dataset=rows,
            other_arguments=batched.captured_inputs,
            f=batched,
            batch_size=2,
            num_parallel_calls=1,
            drop_remainder=True,
            output_types=[tf.float32],
            output_shapes=[[2, 2]],
        )
        return tf.raw_ops.DatasetToSingleElement(dataset=rows, output_types=[tf.float32], output_shapes=[[2, 2]])[0]

    return Served(m, serve, x=[[2.0, 2.0], [3.0, 4.0], [0.1, 1.0]])
