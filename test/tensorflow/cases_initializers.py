"""Initialisers run after the checkpoint is restored: what they assign goes before what it holds."""

from case import case
from runtime import np, tf, tf1

FORMS = ("pb", "meta")


def variable(model, name, value, dtype=tf.float32):
    """Of the kind that TensorFlow can freeze from this form."""
    return model.variable(name, value, dtype, resource=model.form == "meta")


def initialised(model, *pairs):
    """Initialisers that assign values to variables; the live numbers come after them too."""
    for target, value in pairs:
        assigned = tf1.assign(target, value)
        model.more_initializers.append(assigned.op)
    group = tf.group(*model.more_initializers, name="init_late")
    model.flags = {"initializer_nodes": group.name}
    # Nothing is left of them in the frozen graph.
    model.initializers = []


def outputs(*variables):
    """What they hold."""
    return [tf.identity(each.read_value(), name=f"y{i}") for i, each in enumerate(variables)]


@case(*FORMS)
def initializer_of_constants(model):
    a = variable(model, "a", [1.0, 2.0])
    b = variable(model, "b", 3, tf.int32)
    c = variable(model, "c", [b"x", b"y"], tf.string)
    d = variable(model, "d", [True, False, True], tf.bool)
    initialised(
        model,
        (a, tf.constant([7.0, 8.5])),
        (b, tf.constant(-4)),
        (c, tf.constant(["one", "two"])),
        (d, tf.constant([False, True, True])),
    )
    return outputs(a, b, c, d)


@case(*FORMS)
def initializer_of_fills(model):
    a = variable(model, "a", np.ones([3, 2]))
    b = variable(model, "b", np.ones([2, 2]), tf.int64)
    c = variable(model, "c", np.ones([4]))
    initialised(
        model,
        (a, tf.raw_ops.Fill(dims=[3, 2], value=1.5)),
        (b, tf.raw_ops.ZerosLike(x=tf.constant(1, tf.int64, [2, 2]))),
        (c, tf.raw_ops.OnesLike(x=tf.constant(7.0, shape=[4]))),
    )
    return outputs(a, b, c)


@case(*FORMS)
def initializer_of_shapes(model):
    a = variable(model, "a", np.ones([2, 6]), tf.int32)
    b = variable(model, "b", np.ones([2, 1, 3]), tf.int32)
    c = variable(model, "c", np.ones([2, 2, 3]), tf.int32)
    left = tf.constant(np.arange(6).reshape(2, 3), tf.int32)
    initialised(
        model,
        (a, tf.concat([left, left * 10], 1)),
        (b, tf.expand_dims(left, -2)),
        (c, tf.reshape(tf.stack([left, left + 100], axis=1), [-1, 2, 3])),
    )
    return outputs(a, b, c)


@case(*FORMS)
def initializer_of_numbers(model):
    rng = np.random.default_rng(11)
    left, right = rng.normal(size=[3, 4]).astype(np.float32), rng.normal(size=[4]).astype(np.float32)
    values = [
        tf.raw_ops.Range(start=0.1, limit=3.0, delta=0.1),
        tf.raw_ops.Range(start=10, limit=-10, delta=-3),
        tf.constant(left) * tf.constant(right) + 0.1,
        tf.raw_ops.RealDiv(x=tf.constant(left), y=tf.constant(right)),
        tf.constant(left[:, :1]) - tf.constant(right),
        tf.constant([2**31 - 1, 65536, -7]) * tf.constant([2, 65537, 3]),
        tf.cast(tf.constant(left * 100), tf.int32),
        tf.cast(tf.constant([300, -1, 7]), tf.uint8),
        tf.cast(tf.constant([0.0, 0.5, -2.0]), tf.bool),
        tf.cast(tf.constant([2**40 + 1, -5], tf.int64), tf.float32),
        tf.constant([2**62, -(2**63)], tf.int64) + tf.constant(2**62, tf.int64),
    ]
    variables = [
        variable(model, f"v{index}", np.zeros(value.shape), value.dtype)
        for index, value in enumerate(values)
    ]
    initialised(model, *zip(variables, values))
    return outputs(*variables)


@case(*FORMS)
def initializer_of_another_variable(model):
    weights = variable(model, "weights", [1.0, 2.0])
    average = variable(model, "average", [5.0, 6.0])
    initialised(model, (weights, average.read_value()))
    return outputs(weights)


@case(*FORMS)
def initializer_of_other_variables_may_be_anything(model):
    a = variable(model, "a", [1.0, 2.0])
    other = variable(model, "other", [5.0, 6.0])
    initialised(model, (other, tf.random.normal([2])))
    return outputs(a)


# What is not random is compared; that permafrost refuses what is, its own tests say.
@case("pb")
def initializer_with_a_saver_is_not_run(model):
    a = variable(model, "a", [1.0, 2.0])
    saver = tf1.train.Saver()
    model.make_saver = lambda: saver

    def write_saver():
        with open("saver.def", "wb") as file:
            file.write(saver.as_saver_def().SerializeToString())

    initialised(model, (a, tf.constant([9.0, 9.0])))
    model.more_initializers.clear()
    model.run = False
    model.after_save = write_saver
    model.flags |= {"input_saver": "saver.def"}
    return outputs(a)
