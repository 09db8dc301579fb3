"""Control flow of version 1: Switch, Merge, Enter, Exit and NextIteration as nodes of the graph."""

from case import case
from runtime import tf, tf1

BOTH = {"pb": False, "meta": True}


@case(*BOTH)
def cond(model):
    w = model.variable("w", [1.0, 2.0], resource=BOTH[model.form])
    p = model.input("p", True, tf.bool)
    return tf.identity(tf.cond(p, lambda: w * 2.0, lambda: w + 1.0), name="y")


@case(*BOTH)
def cond_in_cond(model):
    w = model.variable("w", [1.0, 2.0], resource=BOTH[model.form])
    p = model.input("p", False, tf.bool)
    q = model.input("q", True, tf.bool)
    inner = lambda: tf.cond(q, lambda: w - 1.0, lambda: w * w)  # pylint: disable=C3001
    return tf.identity(tf.cond(p, lambda: w * 2.0, inner), name="y")


@case(*BOTH)
def while_loop(model):
    w = model.variable("w", [1.0, 2.0], resource=BOTH[model.form])
    n = model.input("n", 4, tf.int32)
    _, y = tf.while_loop(
        lambda i, _: i < n, lambda i, total: (i + 1, total + w), [0, tf.zeros([2])]
    )
    return tf.identity(y, name="y")


@case(*BOTH)
def cond_in_while_loop(model):
    w = model.variable("w", [1.0, 2.0], resource=BOTH[model.form])
    b = model.variable("b", 0.5, resource=BOTH[model.form])

    def step(i, total):
        return i + 1, tf.cond(i > 2, lambda: total + w, lambda: total * b)

    _, y = tf.while_loop(lambda i, _: i < 5, step, [0, tf.ones([2])])
    return tf.identity(y, name="y")


# The axis that TensorFlow adds stands outside of the loop's frame.
@case("meta", fails="has inputs from different frames")
def gather_in_while_loop(model):
    table = model.resource("table", [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    _, y = tf.while_loop(
        lambda i, _: i < 3, lambda i, total: (i + 1, total + tf.gather(table, i)),
        [0, tf.zeros([2])]
    )
    return tf.identity(y, name="y")


@case("meta", fails="unusable file")
def merge_of_two_handles(model):
    first = model.resource("first", [1.0, 2.0])
    second = model.resource("second", [3.0, 4.0])
    p = model.input("p", False, tf.bool)
    _, on = tf.raw_ops.Switch(data=first.handle, pred=p)
    off, _ = tf.raw_ops.Switch(data=second.handle, pred=p)
    handle, _ = tf.raw_ops.Merge(inputs=[on, off])
    return tf.raw_ops.ReadVariableOp(resource=handle, dtype=tf.float32, name="y")


@case("pb", fails="float_ref")
def merge_of_two_ref_variables(model):
    first = model.variable("first", [1.0, 2.0])
    second = model.variable("second", [3.0, 4.0])
    p = model.input("p", False, tf.bool)
    # pylint: disable=protected-access
    _, on = tf.raw_ops.RefSwitch(data=first._variable, pred=p)
    off, _ = tf.raw_ops.RefSwitch(data=second._variable, pred=p)
    value, _ = tf.raw_ops.RefMerge(inputs=[on, off])
    return tf.identity(value, name="y")


@case("meta", fails="incompatible with expected resource")
def shape_of_a_handle(model):
    w = model.resource("w", [[1.0, 2.0, 3.0]])
    shape = tf.raw_ops.VariableShape(input=w.handle, out_type=tf.int32)
    return tf.identity(shape, name="y")


@case("pb", name="is_initialized_pb", fails="float_ref")
@case("meta", name="is_initialized_meta", fails="incompatible with expected resource")
def is_initialized(model):
    w = model.variable("w", [1.0, 2.0], resource=BOTH[model.form])
    return tf.identity(tf1.is_variable_initialized(w), name="y")


@case("meta", fails="unusable file")
def handle_carried_through_a_loop(model):
    w = model.resource("w", [1.0, 2.0])

    def step(i, handle, total):
        read = tf.raw_ops.ReadVariableOp(resource=handle, dtype=tf.float32)
        return i + 1, handle, tf.ensure_shape(total + read, [2])

    _, _, y = tf.while_loop(lambda i, *_: i < 3, step, [0, w.handle, tf.zeros([2])])
    return tf.identity(y, name="y")


@case("meta", fails="unusable file")
def handle_read_after_a_loop(model):
    w = model.resource("w", [1.0, 2.0])
    _, handle = tf.while_loop(lambda i, _: i < 3, lambda i, handle: (i + 1, handle), [0, w.handle])
    return tf.raw_ops.ReadVariableOp(resource=handle, dtype=tf.float32, name="y")


@case("pb", fails="float_ref")
def identity_of_a_reference(model):
    w = model.variable("w", [1.0, 2.0])
    reference = tf.raw_ops.RefIdentity(input=w._variable)  # pylint: disable=protected-access
    return tf.multiply(reference, 2.0, name="y")


@case("pb")
def ref_variable_read_in_a_loop_after_a_no_op(model):
    w = model.variable("w", [1.0, 2.0])

    def step(i, total):
        with tf.control_dependencies([tf.no_op()]):
            return i + 1, total * tf.identity(w)

    _, y = tf.while_loop(lambda i, _: i < 3, step, [0, tf.ones([2])])
    return tf.identity(y, name="y")
