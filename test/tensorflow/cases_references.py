"""References of TensorFlow 1 on their way through control flow, which no Python API makes but old graphs have."""

from case import case
from runtime import tf, tf1


def reference(model, name, value):
    """The reference itself, not its value."""
    return model.variable(name, value)._variable  # pylint: disable=protected-access


@case("pb", fails="unusable file")
def reference_entered_into_a_loop(model):
    """Three rounds that add the variable, whose reference is entered once."""
    w = reference(model, "w", [1.0, 2.0])
    raw = tf.raw_ops
    held = raw.RefEnter(data=w, frame_name="loop", is_constant=True)
    i = raw.Enter(data=tf.constant(0), frame_name="loop")
    total = raw.Enter(data=model.input("x", [5.0, 6.0]), frame_name="loop")
    merged_i, merged = raw.Merge(inputs=[i, i])[0], raw.Merge(inputs=[total, total])[0]
    with tf.control_dependencies([merged_i]):
        limit = tf.constant(3)
    goes_on = raw.LoopCond(input=tf.less(merged_i, limit))
    _, i_body = raw.Switch(data=merged_i, pred=goes_on)
    out, body = raw.Switch(data=merged, pred=goes_on)
    with tf.control_dependencies([i_body]):
        one = tf.constant(1)
    backs = raw.NextIteration(data=tf.add(i_body, one)), raw.NextIteration(data=tf.add(body, held))
    for merge, back in zip((merged_i, merged), backs):
        merge.op._update_input(1, back)  # pylint: disable=protected-access
    return tf.identity(raw.Exit(data=out), name="y")


@case("pb", fails="unusable file")
def reference_carried_round_a_loop(model):
    """The reference itself goes round, and is read after the loop."""
    w = reference(model, "w", [1.0, 2.0])
    raw = tf.raw_ops
    i = raw.Enter(data=tf.constant(0), frame_name="loop")
    held = raw.RefEnter(data=w, frame_name="loop")
    merged_i = raw.Merge(inputs=[i, i])[0]
    merged = raw.RefMerge(inputs=[held, held])[0]
    with tf.control_dependencies([merged_i]):
        limit = tf.constant(2)
    goes_on = raw.LoopCond(input=tf.less(merged_i, limit))
    _, i_body = raw.Switch(data=merged_i, pred=goes_on)
    out, body = raw.RefSwitch(data=merged, pred=goes_on)
    with tf.control_dependencies([i_body]):
        one = tf.constant(1)
    merged_i.op._update_input(1, raw.NextIteration(data=tf.add(i_body, one)))  # pylint: disable=protected-access
    back = raw.RefNextIteration(data=raw.RefIdentity(input=body))
    merged.op._update_input(1, back)  # pylint: disable=protected-access
    return tf.add(raw.RefExit(data=out), model.input("x", [5.0, 6.0]), name="y")


@case("pb")
def loop_in_condition_in_loop(model):
    w = model.variable("w", [1.0, 2.0])
    b = model.variable("b", [0.5, 0.25])

    def step(i, y):
        inner = lambda: tf.while_loop(lambda j, _: j < 2, lambda j, z: (j + 1, z * w), [0, y])[1]
        return i + 1, tf.ensure_shape(tf1.cond(tf.equal(i % 2, 0), inner, lambda: y + b), [2])

    return tf.identity(tf.while_loop(lambda i, _: i < 4, step, [0, model.input("x", [1.0, 1.0])])[1], name="y")
