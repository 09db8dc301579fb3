"""Functions in graphs of TensorFlow 1: as ops, as attributes of calls, and as the branches of control flow."""

from case import case
from runtime import tf, tf1

# pylint: disable=wrong-import-order
from tensorflow.python.framework import function
from tensorflow.python.ops import control_flow_util

RESOURCE = "expected type resource != float"
BOTH = {"pb": False, "meta": True}


@case("pb", "meta")
def function_without_variables(model):
    @function.Defun(tf.float32)
    def double(x):
        return x * 2.0

    w = model.variable("w", [3.0, 4.0], resource=BOTH[model.form])
    return tf.add(double(model.input("x", [1.0, 2.0])), w, name="y")


@case("pb")
def value_of_a_variable_for_a_function(model):
    @function.Defun(tf.float32, tf.float32)
    def scale(x, w):
        return x * w

    w = model.variable("w", [3.0, 4.0])
    return tf.identity(scale(model.input("x", [1.0, 2.0]), w), name="y")


@case("meta", fails="unusable file")
def function_that_captures(model):
    w = model.resource("w", [3.0, 4.0])

    @function.Defun(tf.float32)
    def scale(x):
        return x * w.read_value()

    return tf.identity(scale(model.input("x", [1.0, 2.0])), name="y")


@case("meta")
def function_on_a_device_that_is_not_there(model):
    w = model.resource("w", [3.0, 4.0])

    @tf.function
    def scale(x):
        with tf.device("/device:GPU:7"):
            return x * w

    return tf.identity(scale(model.input("x", [1.0, 2.0])), name="y")


@case("pb", name="called_function_pb", fails="tuple index")
@case("meta", name="called_function_meta")
def called_function(model):
    w = model.resource("w", [3.0, 4.0])
    scale = tf.function(lambda x: x * w)
    return tf.identity(scale(scale(model.input("x", [1.0, 2.0]))), name="y")


def in_version_2(build):
    """Conditions and loops as functions, as tf.compat.v1.enable_control_flow_v2 has it."""

    def built(model):
        before = control_flow_util.ENABLE_CONTROL_FLOW_V2
        control_flow_util.ENABLE_CONTROL_FLOW_V2 = True
        try:
            return build(model)
        finally:
            control_flow_util.ENABLE_CONTROL_FLOW_V2 = before

    built.__name__ = build.__name__
    return built


@case("pb", name="condition_of_version_2_pb", fails="tuple index")
@case("meta", name="condition_of_version_2_meta")
@in_version_2
def condition_of_version_2(model):
    w = model.resource("w", [3.0, 4.0])
    b = model.resource("b", [5.0, 6.0])
    x = model.input("x", [1.0, 2.0])
    return tf.identity(tf.cond(x[0] > 0.5, lambda: x * w, lambda: x + b), name="y")


@case("pb", name="loop_of_version_2_pb", fails="tuple index")
@case("meta", name="loop_of_version_2_meta", fails="_output_shapes attribute inconsistent")
@in_version_2
def loop_of_version_2(model):
    w = model.resource("w", [3.0, 4.0])
    x = model.input("x", [1.0, 2.0])
    return tf.identity(tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y * w), [0, x])[1], name="y")


@case("meta", fails=RESOURCE)
@in_version_2
def gather_in_a_condition_of_version_2(model):
    w = model.resource("w", [[3.0], [4.0]])
    i = model.input("i", [1, 0, 1], tf.int32)
    return tf.identity(tf.cond(i[0] > 0, lambda: tf.gather(w, i), lambda: tf.gather(w, i + 1)), name="y")


@case("meta")
@in_version_2
def denied_variable_through_calls(model):
    """One call takes both: a variable that stays one, and a variable that becomes a constant."""
    model.flags = {"variable_names_denylist": "kept"}
    model.run = False
    kept = model.resource("kept", [3.0, 4.0])
    frozen = model.resource("frozen", [5.0, 6.0])
    x = model.input("x", [1.0, 2.0])
    inner = tf.function(lambda x: x * kept + frozen)
    return tf.identity(tf.cond(x[0] > 0.5, lambda: inner(x), lambda: inner(x + 1) * frozen), name="y")


@case("pb", "meta")
def gradient_of_a_function_as_an_op(model):
    @function.Defun(tf.float32, tf.float32, func_name="Cubed")
    def cubed(x, w):
        return x * x * x * w

    w = model.variable("w", [3.0, 4.0], resource=BOTH[model.form])
    x = model.input("x", [1.0, 2.0])
    y = cubed(x, tf.identity(w))
    return tf.identity(tf.gradients(y, x)[0], name="y")


@case("pb", "meta")
def dataset_that_an_iterator_makes(model):
    """The iterator holds the function that makes the dataset, and that one the function that maps it."""
    w = model.variable("w", [3.0, 4.0], resource=BOTH[model.form])
    rows = tf1.data.Dataset.from_tensor_slices([[1.0, 2.0], [5.0, 6.0]]).map(lambda row: row * 2.0)
    return tf.multiply(tf1.data.make_one_shot_iterator(rows).get_next(), w, name="y")


@case("pb", name="function_in_python_pb")
@case("meta", name="function_in_python_meta")
def function_in_python(model):
    """The graph names a function of the process that built it, which no other process has."""
    model.run = False
    w = model.variable("w", [3.0, 4.0], resource=BOTH[model.form])
    x = model.input("x", [1.0, 2.0])
    once = tf.numpy_function(lambda value: value * 2, [x * w], tf.float32)
    return tf.identity(tf1.py_func(lambda value: value + 1, [once], tf.float32, stateful=False), name="y")
