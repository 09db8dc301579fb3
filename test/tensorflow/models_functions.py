"""Functions: called, nested, shared, handing variables on."""

from model import Served, model, tf


def module(**variables):
    """A module with these variables."""
    made = tf.Module()
    for name, value in variables.items():
        setattr(made, name, tf.Variable(value, name=name))
    return made


@model()
def function_that_reads_a_variable():
    m = module(w=[[3.0], [4.0]], b=[0.5])
    return Served(m, lambda x: tf.matmul(x, m.w) + m.b, x=[[1.0, 2.0]])


@model()
def function_in_function():
    m = module(w=[2.0, 3.0])
    inner = tf.function(lambda x: x * m.w)
    outer = tf.function(lambda x: inner(x) + inner(x + 1))
    return Served(m, lambda x: outer(x) - inner(x), x=[1.0, 2.0])


@model()
def function_called_with_two_variables():
    m = module(v=[1.0, 2.0], w=[10.0, 20.0])
    scale = tf.function(lambda x, variable: x * variable)
    return Served(m, lambda x: scale(x, m.v) + scale(x, m.w), x=[1.0, 2.0])


@model()
def function_called_with_variables_of_two_shapes():
    m = module(v=[1.0, 2.0], w=[[10.0], [20.0]])
    total = tf.function(lambda variable: tf.reduce_sum(variable * 2))
    return Served(m, lambda x: x * total(m.v) + total(m.w), x=[1.0, 2.0])


@model()
def function_that_must_not_be_inlined():
    m = module(w=[2.0, 3.0])
    inner = tf.function(lambda x: x * m.w, experimental_attributes={"_noinline": True})
    return Served(m, lambda x: inner(x) + 1, x=[1.0, 2.0])


@model()
def function_with_several_results():
    m = module(w=[2.0, 3.0])
    inner = tf.function(lambda x: (x * m.w, x + m.w, tf.shape(x)))
    return Served(m, lambda x: dict(zip("abc", inner(x))), x=[1.0, 2.0])


@model()
def function_that_returns_its_argument():
    m = module(w=[2.0, 3.0])
    inner = tf.function(lambda x, y: (y, x))

    def serve(x):
        a, b = inner(x, x * m.w)
        return {"a": a, "b": b}

    return Served(m, serve, x=[1.0, 2.0])


@model()
def function_that_returns_a_constant():
    m = module(w=[2.0, 3.0])
    inner = tf.function(lambda: tf.constant([5.0, 6.0]))
    return Served(m, lambda x: x * m.w + inner(), x=[1.0, 2.0])


@model()
def function_that_splits_and_unpacks():
    m = module(w=[[2.0, 3.0, 4.0, 5.0]])

    def serve(x):
        a, b = tf.split(x * m.w, 2, axis=1)
        values, indices = tf.math.top_k(b, 2)
        c, d = tf.unstack(a, axis=1)
        return {"values": values, "indices": indices, "sum": c + d}

    return Served(m, serve, x=[[1.0, 2.0, 3.0, 4.0]])


@model()
def function_that_prints():
    m = module(w=[2.0, 3.0])

    @tf.function
    def noisy(x):
        tf.debugging.assert_positive(x)
        return x * m.w

    return Served(m, lambda x: noisy(x) + 1, x=[1.0, 2.0])


@model()
def custom_gradient():
    m = module(w=[2.0, 3.0])

    @tf.custom_gradient
    def doubled(x):
        return x * 2, lambda dy: dy * 2

    return Served(m, lambda x: doubled(x * m.w), x=[1.0, 2.0])


@model()
def gradient_of_a_function():
    m = module(w=[2.0, 3.0])

    def serve(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(tf.sin(x * m.w))
        return tape.gradient(y, x)

    return Served(m, serve, x=[1.0, 2.0])


@model()
def map_over_rows():
    m = module(w=[2.0, 3.0])
    return Served(m, lambda x: tf.map_fn(lambda row: row * m.w, x), x=[[1.0, 2.0], [3.0, 4.0]])


@model()
def vectorized_map_over_rows():
    m = module(w=[2.0, 3.0])
    return Served(m, lambda x: tf.vectorized_map(lambda row: row * m.w, x), x=[[1.0, 2.0], [3.0, 4.0]])


@model()
def scan_over_rows():
    m = module(w=[2.0, 3.0])
    return Served(m, lambda x: tf.scan(lambda a, row: a * m.w + row, x), x=[[1.0, 2.0], [3.0, 4.0]])


@model()
def variables_of_equal_names():
    m = module(a=[2.0, 3.0])
    m.one = tf.Variable([5.0, 6.0], name="kernel")
    m.two = tf.Variable([7.0, 8.0], name="kernel")
    m.list = [tf.Variable(9.0, name="kernel"), tf.Variable([1.0, 0.5], name="kernel")]
    return Served(m, lambda x: (x * m.one - m.two) * m.list[0] + m.list[1] + m.a, x=[1.0, 2.0])


@model(tfjs_lacks="StringJoin")
def variables_of_many_types():
    m = module(f16=tf.constant([1.5], tf.float16), i64=tf.constant([7, 8], tf.int64), text=["a", "b"], flag=[True])
    return Served(
        m,
        lambda x: {
            "half": tf.cast(m.f16, tf.float32) * x[:1],
            "long": m.i64 + 1,
            "text": tf.strings.join([m.text, m.text]),
            "flag": tf.where(m.flag, x[:1], -x[:1]),
        },
        x=[1.0, 2.0],
    )
