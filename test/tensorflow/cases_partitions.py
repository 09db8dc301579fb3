"""Variables that a partitioner has cut: each part is a variable, and the checkpoint knows the whole."""

from case import case
from cases_dtypes import COMPLEX, FLOATS, RESOURCE_ONLY, SIGNED, UNSIGNED, shaped
from runtime import np, tf, tf1

# What TensorFlow's tool says of any graph with parts that is no MetaGraphDef.
NEEDS_META = "partition variables"


def partitioned(value, parts, axis=0, resource=False, name="emb"):
    """A variable in parts."""
    with tf1.variable_scope("part", use_resource=resource):
        return tf1.get_variable(
            name, initializer=value, partitioner=tf1.fixed_size_partitioner(parts, axis=axis)
        )


def typed(name, *shape):
    return tf.constant(shaped(name, shape), tf.as_dtype(name), shape)


def counted(*shape):
    return tf.constant(np.arange(np.prod(shape)).reshape(shape), tf.float32)


@case("pb", name="partitioned_pb", fails=NEEDS_META)
@case("pbtxt", name="partitioned_pbtxt", fails=NEEDS_META)
@case("meta", name="partitioned_meta")
@case("meta_text", name="partitioned_meta_text")
def partitioned_variable(model):
    table = partitioned(counted(7, 2), 3, resource=model.form.startswith("meta"))
    return tf.matmul(tf.convert_to_tensor(table), [[1.0], [2.0]], name="y")


@case("pb", name="partitioned_single_part_pb", fails=NEEDS_META)
@case("meta", name="partitioned_single_part_meta")
def partitioned_in_one_part(model):
    table = partitioned(counted(4, 2), 1)
    return tf.identity(tf.convert_to_tensor(table), name="y")


def drop_saver(graph_def):
    """Leaves no node that knows the names in the checkpoint."""
    kept = [node for node in graph_def.node if not node.name.startswith("save/")]
    del graph_def.node[:]
    graph_def.node.extend(kept)


# The MetaGraphDef's collection of variables knows the parts, and so do the shapes in the graph.
@case("pb", name="partitioned_without_a_saver_pb", fails=NEEDS_META)
@case("pbtxt", name="partitioned_without_a_saver_pbtxt", fails=NEEDS_META)
def partitioned_without_a_saver(model):
    model.edit = drop_saver
    first = partitioned(counted(7, 2), 3)
    second = partitioned(counted(2, 3, 5), 2, axis=2, resource=True, name="other")
    return [tf.convert_to_tensor(first, name="y"), tf.convert_to_tensor(second, name="z")]


@case("pb", name="partitioned_by_axis_pb", fails=NEEDS_META)
@case("meta", name="partitioned_by_axis_meta")
def partitioned_by_every_axis(model):
    outputs = []
    for axis in range(3):
        for resource in (False, True):
            name = f"axis_{axis}_{resource}"
            table = partitioned(counted(5, 6, 7), 3, axis, resource, name)
            outputs.append(tf.identity(tf.convert_to_tensor(table), name=f"{name}_out"))
    return outputs


@case("meta", name="partitioned_one_part_only")
def one_part_of_a_partitioned_variable(model):
    table = partitioned(counted(6, 4), 3, axis=1)
    return tf.add(list(table)[1], 1.0, name="y")


# Without those of four and two bits, which no kernel of TensorFlow can cut.
CUT_TYPES = FLOATS + SIGNED + UNSIGNED + COMPLEX + ("bool", "string", "float8_e5m2", "float8_e4m3fn")


@case("meta", name="partitioned_types")
def partitioned_of_every_type(model):
    outputs = []
    for name in CUT_TYPES:
        value = typed(name, 4, 2)
        for axis in range(2):
            table = partitioned(value, 2, axis, resource=axis == 1 or name in RESOURCE_ONLY, name=f"{name}_{axis}")
            for index, part in enumerate(table):
                outputs.append(tf.identity(part, name=f"{name}_{axis}_{index}"))
    return outputs


@case("meta", name="partitioned_in_shards", cpus=2)
def partitioned_over_shards(model):
    with tf.device("/cpu:0"):
        first = partitioned(counted(6, 2), 2, name="first")
    with tf.device("/cpu:1"):
        second = partitioned(counted(6, 2), 3, name="second")
    model.make_saver = lambda: tf1.train.Saver(sharded=True)
    return tf.add(tf.convert_to_tensor(first), tf.convert_to_tensor(second), name="y")


def save_as(build):
    """Saves another model's variables over the checkpoint."""

    def save():
        with tf.Graph().as_default(), tf1.Session() as session:
            build()
            session.run(tf1.global_variables_initializer())
            tf1.train.Saver().save(session, "./model.ckpt", write_meta_graph=False)

    return save


@case("meta")
def partitions_of_a_whole_variable(model):
    table = partitioned(counted(6, 2), 2)
    model.after_save = save_as(lambda: tf1.Variable(counted(6, 2), name="part/emb"))
    return tf.convert_to_tensor(table, name="y")


@case("meta")
def partitions_cut_otherwise(model):
    table = partitioned(counted(6, 5), 2)
    model.after_save = save_as(lambda: partitioned(counted(6, 5), 3, axis=1))
    return tf.convert_to_tensor(table, name="y")


@case("meta", "pb")
def whole_variable_of_partitions(model):
    with tf1.variable_scope("part"):
        table = tf1.get_variable("emb", initializer=counted(6, 5), use_resource=False)
    model.after_save = save_as(lambda: partitioned(counted(6, 5), 3, axis=1))
    return tf.identity(table, name="y")


@case("meta", name="partitioned_strings")
def partitioned_strings(model):
    table = partitioned(tf.constant(shaped("string", [5, 3])), 2)
    return tf.identity(tf.convert_to_tensor(table), name="y")


@case("pb", name="colocated_with_an_unused_part_pb", fails="uninitialized value part/emb/part_1")
@case("meta", name="colocated_with_an_unused_part_meta")
def colocated_with_an_unused_part(model):
    w = model.variable("w", [1.0, 2.0])
    unused = partitioned(counted(6, 2), 3)
    with tf1.colocate_with(list(unused)[1].op):
        return tf.multiply(w, 2.0, name="y")


def add_cut_otherwise(name, fails):
    """Registers a case of parts that are put together of other parts."""

    @case("meta", name=f"partitions_cut_otherwise_{name}", fails=fails)
    def cut_otherwise(model):
        table = partitioned(typed(name, 6, 5), 2)
        model.after_save = save_as(lambda: partitioned(typed(name, 6, 5), 3, axis=1))
        return [tf.identity(part, name=f"y_{index}") for index, part in enumerate(table)]


for _name in ("half", "uint16", "uint32", "uint64", "string"):
    add_cut_otherwise(_name, fails="not supported")
for _name in ("bool", "int8", "bfloat16", "complex128"):
    add_cut_otherwise(_name, fails=None)
