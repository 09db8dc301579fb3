"""Writes that the outputs need: TensorFlow leaves the ops in, and its file cannot be loaded.

The frozen graph gives what the live session's first run gives.
"""

from case import case
from runtime import np, tf, tf1

FORMS = {"pb": False, "meta": True}


def of_both_kinds(build):
    """Registers a case for reference variables, which TensorFlow loads from a .pb, and for resources."""
    name = build.__name__
    case("pb", name=f"{name}_pb", fails="float_ref")(build)
    case("meta", name=f"{name}_meta", fails="incompatible with expected resource")(build)
    return build


def variable(model, name, value, dtype=tf.float32):
    return model.variable(name, value, dtype, resource=FORMS[model.form])


def after(operation, value):
    with tf.control_dependencies([operation]):
        return value()


@of_both_kinds
def read_after_an_assignment(model):
    w = variable(model, "w", [1.0, 2.0])
    x = model.input("x", [5.0, 7.0])
    with tf.control_dependencies([tf1.assign_add(w, x)]):
        return tf.multiply(w.read_value(), 2.0, name="y")


@of_both_kinds
def read_after_a_chain_of_assignments(model):
    w = variable(model, "w", [1.0, 2.0])
    x = model.input("x", [5.0, 7.0])
    first = tf1.assign_add(w, x)
    second = after(first, lambda: tf1.assign_sub(w, [0.25, 0.5]))
    third = after(second, lambda: tf1.assign(w, w.read_value() * 3.0))
    fourth = after(third, lambda: tf1.assign_add(w, x * x))
    return after(fourth, lambda: tf.identity(w.read_value(), name="y"))


@of_both_kinds
def read_between_two_assignments(model):
    w = variable(model, "w", [1.0, 2.0])
    first = tf1.assign(w, [10.0, 20.0])
    between = after(first, lambda: w.read_value() * 1.0)
    second = after(between, lambda: tf1.assign_add(w, [1.0, 1.0]))
    return [after(second, lambda: tf.multiply(w.read_value(), 1.0, name="y")), tf.identity(between, name="z")]


@of_both_kinds
def read_after_two_additions_in_any_order(model):
    w = variable(model, "w", [1.0, 2.0])
    both = [tf1.assign_add(w, [4.0, 8.0]).op, tf1.assign_sub(w, [16.0, 32.0]).op]
    with tf.control_dependencies(both):
        return tf.identity(w.read_value(), name="y")


@of_both_kinds
def write_that_nothing_reads(model):
    w = variable(model, "w", [1.0, 2.0])
    y = w * 3.0
    with tf.control_dependencies([y]):
        update = tf1.scatter_update(w, [0], [5.0])
    with tf.control_dependencies([update]):
        return tf.identity(tf.constant(3.0), name="z") * y[0]


@of_both_kinds
def write_in_a_branch(model):
    mean = variable(model, "mean", [1.0, 2.0])
    outputs = []
    for index, value in enumerate((True, False)):
        training = model.input(f"training_{index}", value, tf.bool)
        name = f"mean_{index}"
        each = variable(model, name, [1.0, 2.0])
        new = tf.cond(training, lambda: tf.identity(tf1.assign_sub(each, [0.5, 0.25])), lambda: each * 1.0)
        outputs.append(tf.add(new, mean, name=f"y_{index}"))
    return outputs


@of_both_kinds
def read_after_a_branch_that_writes(model):
    outputs = []
    for index, value in enumerate((True, False)):
        training = model.input(f"training_{index}", value, tf.bool)
        each = variable(model, f"mean_{index}", [1.0, 2.0])

        def update():
            with tf.control_dependencies([tf1.assign_sub(each, [0.5, 0.25])]):
                return tf.constant(1.0)

        done = tf.cond(training, update, lambda: tf.constant(2.0))
        with tf.control_dependencies([done]):
            outputs.append(tf.multiply(each.read_value(), done, name=f"y_{index}"))
    return outputs


@of_both_kinds
def read_in_a_loop_after_a_write(model):
    w = variable(model, "w", [1.0, 2.0])
    with tf.control_dependencies([tf1.assign_add(w, [2.0, 3.0])]):
        start = tf.zeros([2])

    def step(i, total):
        return i + 1, total + w.read_value()

    with tf.control_dependencies([start]):
        _, y = tf.while_loop(lambda i, _: i < 3, step, [tf.constant(0), start])
    return tf.identity(y, name="y")


@case("pb", name="write_to_a_variable_never_saved_pb", fails="uninitialized value steps")
@case("meta", name="write_to_a_variable_never_saved_meta", fails="Could not find variable steps")
def write_to_a_variable_never_saved(model):
    w = variable(model, "w", [1.0, 2.0])
    steps = variable(model, "steps", 0.0)
    model.make_saver = lambda: tf1.train.Saver([w])
    with tf.control_dependencies([tf1.assign_add(steps, 1.0).op]):
        return tf.identity(w.read_value() * 2.0, name="y")


@case("meta", fails="incompatible with expected resource")
def gather_after_a_write(model):
    w = model.resource("w", [[1.0, 2.0], [3.0, 4.0]])
    with tf.control_dependencies([tf1.assign_add(w, [[1.0, 1.0], [5.0, 5.0]]).op]):
        gathered = tf.raw_ops.ResourceGather(resource=w.handle, indices=[1], dtype=tf.float32)
        shape = tf.raw_ops.VariableShape(input=w.handle)
        nd = tf.raw_ops.ResourceGatherNd(resource=w.handle, indices=[[1, 0]], dtype=tf.float32)
    return [tf.identity(gathered, name="y"), tf.identity(shape, name="s"), tf.identity(nd, name="n")]


@case("pb", fails="float_ref")
def ref_variable_assigned_before_the_output(model):
    w = model.variable("w", [1.0, 2.0])
    return tf.multiply(tf1.assign_add(w, [1.0, 1.0]), 2.0, name="y")


@case("pb", fails="float_ref")
def ref_variable_whose_assignment_is_the_output(model):
    w = model.variable("w", [1.0, 2.0])
    return tf1.assign_add(w, [1.0, 1.0], name="y")


@case("pb", fails="float_ref")
def ref_variable_assigned_in_a_branch(model):
    mean = model.variable("mean", [1.0, 2.0])
    training = model.input("training", True, tf.bool)
    new = tf.cond(training, lambda: tf1.assign_sub(mean, [0.5, 0.5]), lambda: mean * 1.0)
    return tf.add(new, 1.0, name="y")


# The read comes first, but hands the variable's own buffer on.
@case("pb", fails="float_ref")
def ref_variable_read_before_and_used_after_a_write(model):
    w = model.variable("w", [1.0, 2.0])
    read = tf.identity(w)
    with tf.control_dependencies([read]):
        write = tf1.assign_add(w, [10.0, 20.0])
    with tf.control_dependencies([write.op]):
        return tf.multiply(read, 2.0, name="y")


@case("pb", fails="float_ref")
def ref_variable_through_references_after_a_write(model):
    w = model.variable("w", [1.0, 2.0])
    write = tf1.assign(w, [3.0, 4.0])
    again = tf.raw_ops.RefIdentity(input=write)
    off, on = tf.raw_ops.RefSwitch(data=again, pred=model.input("p", False, tf.bool))
    merged, _ = tf.raw_ops.RefMerge(inputs=[off, on])
    second = tf1.assign_add(write, [1.0, 1.0])
    with tf.control_dependencies([merged]):
        third = tf1.assign_add(second, [5.0, 5.0])
    with tf.control_dependencies([third.op]):
        return [tf.multiply(merged, 2.0, name="y"), tf.identity(second, name="z")]


@case("pb", fails="int32_ref")
def counter(model):
    n = model.variable("n", 3, tf.int32)
    first = tf1.count_up_to(n, 10)
    with tf.control_dependencies([first]):
        second = tf1.count_up_to(n, 10)
    with tf.control_dependencies([second]):
        return [first, second, tf.identity(n.read_value(), "after")]


@case("meta", fails="incompatible with expected resource")
def counter_in_a_resource(model):
    n = model.resource("n", 3, tf.int64)
    count = tf.raw_ops.ResourceCountUpTo(resource=n.handle, limit=10, T=tf.int64)
    with tf.control_dependencies([count]):
        return [tf.identity(count, "y"), tf.identity(n.read_value() * 2, "after")]


@case("meta", fails="incompatible with expected resource")
def batch_normalisation_in_training(model):
    x = model.input("x", np.random.default_rng(3).random((8, 4)))
    training = model.input("training", True, tf.bool)
    gamma = model.resource("gamma", [1.0, 2.0, 3.0, 4.0])
    mean = model.resource("mean", np.zeros(4))
    now, _ = tf.nn.moments(x, [0])

    def update():
        with tf.control_dependencies([tf1.assign_sub(mean, (mean - now) * 0.1).op]):
            return tf.identity(now)

    used = tf.cond(training, update, lambda: mean * 1.0)
    return tf.multiply((x - used), gamma, name="y")


@of_both_kinds
def loss_after_a_training_step(model):
    w = variable(model, "w", [1.0, 2.0])
    x = model.input("x", [3.0, 4.0])
    loss = tf.reduce_sum(tf.square(w.read_value() * x), name="loss")
    with tf.control_dependencies([tf1.train.MomentumOptimizer(0.1, 0.9).minimize(loss)]):
        return tf.identity(loss, name="y")


@case("pb", fails="float_ref", refused=True)
def read_after_two_assignments_in_no_order(model):
    w = model.variable("w", [1.0, 2.0])
    both = [tf1.assign(w, [4.0, 8.0]).op, tf1.assign(w, [16.0, 32.0]).op]
    with tf.control_dependencies(both):
        return tf.multiply(w, 1.0, name="y")


@case("meta", fails="incompatible with expected resource", refused=True)
def read_after_a_write_in_a_loop(model):
    w = model.resource("w", [1.0, 2.0])

    def step(i):
        with tf.control_dependencies([tf1.assign_add(w, [1.0, 1.0]).op]):
            return i + 1

    end = tf1.while_loop(lambda i: i < 3, step, [tf.constant(0)])
    with tf.control_dependencies([end]):
        return tf.identity(w.read_value(), name="y")


@case("pb", fails="float_ref", refused=True)
def read_after_a_scatter(model):
    w = model.variable("w", [1.0, 2.0])
    with tf.control_dependencies([tf1.scatter_update(w, [0], [5.0])]):
        return tf.multiply(w, 1.0, name="y")


# In functions, TensorFlow orders what touches one resource as Python wrote it.


@case("meta", fails="input resource[0] expected type resource")
def function_that_writes(model):
    w = model.resource("w", [1.0, 2.0])

    @tf.function
    def step(x):
        before = w + 0.0
        w.assign_add(x)
        return before, w * 2.0

    before, now = step(model.input("x", [3.0, 4.0]))
    with tf.control_dependencies([now]):
        return [tf.identity(before, "y"), tf.identity(now, "z"), tf.identity(w.read_value(), "after")]


@case("meta", fails="input resource[0] expected type resource")
def function_that_writes_in_a_branch(model):
    x = model.input("x", [3.0, 4.0])
    outputs = []
    for index, value in enumerate((True, False)):
        w = model.resource(f"w{index}", [1.0, 2.0])

        @tf.function
        def step(flag, x):
            if flag:
                w.assign_sub(x)
            return w * 2.0

        flag = model.input(f"flag{index}", value, tf.bool)
        outputs.append(tf.identity(step(flag, x), f"y{index}"))
    return outputs


@case("meta", fails="input resource[0] expected type resource")
def function_called_twice_that_writes(model):
    w = model.resource("w", [1.0, 2.0])

    @tf.function
    def step(x):
        w.assign(w * x)
        return w + 0.0

    first = step(model.input("x", [3.0, 4.0]))
    with tf.control_dependencies([first]):
        return [tf.identity(first, "y"), tf.identity(step(first), "z")]


@case("meta", fails="input resource[0] expected type resource", refused=True)
def function_that_writes_in_a_loop(model):
    w = model.resource("w", [1.0, 2.0])

    @tf.function
    def steps():
        for _ in tf.range(3):
            w.assign_add([1.0, 1.0])
        return w + 0.0

    return tf.identity(steps(), "y")
