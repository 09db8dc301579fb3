"""V1 checkpoints: tables that hold the values, one file or several."""

from tensorflow.core.protobuf import saver_pb2

from case import case
from cases_checkpoints import linear
from cases_dtypes import shaped
from cases_partitions import NEEDS_META, counted, partitioned
from cases_quantized import BASES
from runtime import np, tf, tf1


def old_saver(**options):
    return tf1.train.Saver(write_version=saver_pb2.SaverDef.V1, **options)


@case("pb", name="v1_pb")
@case("pbtxt", name="v1_pbtxt")
@case("meta", name="v1_meta")
def version_1(model):
    model.flags = {"checkpoint_version": "1"}
    model.make_saver = old_saver
    return linear(model)[2]


# TensorFlow writes no others into such files, but for the quantised ones below.
TYPES = [
    *("float32", "float64", "float16", "complex64", "complex128", "bool", "string"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16"),
]


@case("pb", name="v1_types")
def version_1_types(model):
    model.make_saver = old_saver
    outputs = []
    for name in TYPES:
        shapes = {"matrix": [2, 3], "scalar": [], "one": [1], "empty": [0, 2]}
        if name == "string":
            del shapes["scalar"]
        for label, shape in shapes.items():
            value = tf.constant(shaped(name, shape), tf.as_dtype(name), shape)
            variable = model.variable(f"{name}_{label}", value, tf.as_dtype(name))
            outputs.append(tf.identity(variable, name=f"{name}_{label}_out"))
    return outputs


@case("pb", name="v1_string_scalar", fails="'bytes' object has no attribute 'shape'")
def version_1_string_scalar(model):
    model.make_saver = old_saver
    return tf.identity(model.variable("w", "a\0b", tf.string), name="y")


@case("pb", name="v1_quantized")
def version_1_quantized_types(model):
    model.make_saver = old_saver
    outputs = []
    for name in ("qint8", "quint8", "qint32"):
        limits = np.iinfo(BASES[name])
        values = np.array([limits.min, limits.max, 1, 0], BASES[name])
        value = tf.bitcast(tf.constant(values), tf.as_dtype(name))
        variable = model.variable(name, value, tf.as_dtype(name))
        outputs.append(tf.identity(variable, name=f"{name}_out"))
    return outputs


@case("pb", name="v1_sharded_pb", cpus=2)
@case("meta", name="v1_sharded_meta", cpus=2)
def version_1_in_several_files(model):
    with tf.device("/cpu:0"):
        first = model.variable("first", [1.0, 2.0])
    with tf.device("/cpu:1"):
        second = model.variable("second", [3.0, 4.0])
    model.make_saver = lambda: old_saver(sharded=True)
    model.flags = {"input_checkpoint": "./model.ckpt-?????-of-00002"}
    return tf.multiply(first, second, name="y")


@case("pb", name="v1_partitioned_pb", fails=NEEDS_META)
@case("meta", name="v1_partitioned_meta")
def version_1_partitioned(model):
    model.make_saver = old_saver
    rows = partitioned(counted(7, 2), 3)
    columns = partitioned(tf.cast(counted(3, 5), tf.int64), 2, axis=1, name="other")
    return [tf.identity(rows, name="y"), tf.identity(columns, name="z")]


@case("meta", name="v1_slices_of_a_whole_meta")
def version_1_slices_of_a_whole_variable(model):
    table = partitioned(counted(6, 2), 2)

    def save_whole():
        with tf.Graph().as_default(), tf1.Session() as session:
            whole = tf1.Variable(counted(6, 2), name="part/emb", use_resource=False)
            session.run(tf1.global_variables_initializer())
            tf1.train.Saver([whole], write_version=saver_pb2.SaverDef.V1).save(
                session, "./model.ckpt", write_meta_graph=False
            )

    model.make_saver = old_saver
    model.after_save = save_whole
    return tf.identity(tf.convert_to_tensor(table), name="y")
