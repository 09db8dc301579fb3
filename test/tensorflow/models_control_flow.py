"""If, Case and While, in each other and in functions, around variables."""

from model import Served, model, tf
from models_functions import module
from models_readers import RESOURCE


@model()
def if_that_reads():
    m = module(v=[1.0, 2.0], w=[10.0, 20.0])
    return Served(m, lambda x: tf.cond(x[0] > 0, lambda: x * m.v, lambda: x * m.w), x=[1.0, 2.0])


@model()
def if_that_is_not_taken():
    m = module(v=[1.0, 2.0], w=[10.0, 20.0])
    return Served(m, lambda x: tf.cond(x[0] > 0, lambda: x * m.v, lambda: m.w - x), x=[-1.0, 2.0])


@model()
def if_with_constant_branches():
    m = module(v=[1.0, 2.0])
    branch = lambda: tf.cond(m.v[0] > 5, lambda: tf.constant(1.0), lambda: tf.constant(2.0))
    return Served(m, lambda x: x * branch(), x=[1.0, 2.0])


@model()
def if_in_if():
    m = module(u=[1.0, 2.0], v=[3.0, 4.0], w=[5.0, 6.0])

    def serve(x):
        inner = lambda: tf.cond(x[1] > 5, lambda: x * m.u, lambda: x * m.v)
        return tf.cond(x[0] > 0, inner, lambda: x * m.w)

    return Served(m, serve, x=[1.0, 2.0])


@model()
def case_that_reads():
    m = module(u=[1.0, 2.0], v=[3.0, 4.0], w=[5.0, 6.0])
    branches = lambda x: [lambda: x * m.u, lambda: x * m.v, lambda: x * m.w]
    return Served(m, lambda x, i: tf.switch_case(i, branches(x)), x=[1.0, 2.0], i=1)


@model()
def case_with_an_index_that_is_none():
    m = module(u=[1.0, 2.0], v=[3.0, 4.0])
    return Served(m, lambda x, i: tf.switch_case(i, [lambda: x * m.u, lambda: x * m.v]), x=[1.0, 2.0], i=7)


@model()
def stateless_case():
    m = module(u=[1.0, 2.0])
    scaled = lambda x: x * m.u

    def serve(x, i):
        y = scaled(x)
        return tf.switch_case(i, [lambda: y + 1, lambda: y * 2, lambda: y - 3])

    return Served(m, serve, x=[1.0, 2.0], i=2)


@model()
def while_that_reads():
    m = module(w=[[1.0, 0.5], [0.25, 1.0]])

    def serve(x):
        step = lambda i, y: (i + 1, tf.matmul(y, m.w))
        return tf.while_loop(lambda i, y: i < 3, step, [0, x])[1]

    return Served(m, serve, x=[[1.0, 2.0]])


@model()
def while_whose_condition_reads():
    m = module(limit=20.0, w=[1.5, 2.0])

    def serve(x):
        return tf.while_loop(lambda y: tf.reduce_sum(y) < m.limit, lambda y: [y * m.w], [x])[0]

    return Served(m, serve, x=[1.0, 2.0])


@model()
def while_that_never_runs():
    m = module(w=[1.5, 2.0])
    return Served(m, lambda x: tf.while_loop(lambda y: False, lambda y: [y * m.w], [x])[0], x=[1.0, 2.0])


@model()
def while_in_while():
    m = module(w=[1.5, 2.0], b=[0.5, 0.25])

    def serve(x):
        inner = lambda y: tf.while_loop(lambda j, z: j < 2, lambda j, z: (j + 1, z * m.w), [0, y])[1]
        return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, inner(y) + m.b), [0, x])[1]

    return Served(m, serve, x=[1.0, 2.0])


@model()
def if_in_while_in_function():
    m = module(v=[1.5, 2.0], w=[0.5, 0.25])

    @tf.function
    def body(i, y):
        return i + 1, tf.cond(i % 2 == 0, lambda: y * m.v, lambda: y + m.w)

    return Served(m, lambda x: tf.while_loop(lambda i, y: i < 4, body, [0, x])[1], x=[1.0, 2.0])


@model()
def while_in_if():
    m = module(v=[1.5, 2.0], w=[0.5, 0.25])

    def serve(x):
        loop = lambda: tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * m.v), [0, x])[1]
        return tf.cond(x[0] > 0, loop, lambda: x * m.w)

    return Served(m, serve, x=[1.0, 2.0])


@model()
def autograph_loop_and_branches():
    m = module(w=[1.5, 2.0], b=[0.5, 0.25])

    def serve(x):
        total = tf.zeros_like(x)
        for row in tf.range(5):
            if row % 2 == 0:
                total += x * m.w
            elif tf.reduce_sum(total) > 100:
                break
            else:
                total -= m.b
        return total

    return Served(m, serve, x=[1.0, 2.0])


@model()
def loop_with_tensor_arrays():
    m = module(w=[1.5, 2.0])

    def serve(x):
        rows = tf.TensorArray(tf.float32, size=3)
        for i in tf.range(3):
            rows = rows.write(i, x * m.w * tf.cast(i, tf.float32))
        return rows.stack()

    return Served(m, serve, x=[1.0, 2.0])


@model(fails="Invalid ret types")
def handle_that_an_if_gives_back():
    m = module(v=[1.0, 2.0], w=[3.0, 4.0])

    def serve(x):
        handle = tf.cond(x[0] > 1, lambda: m.v.handle, lambda: m.w.handle)
        return tf.ensure_shape(tf.raw_ops.ReadVariableOp(resource=handle, dtype=tf.float32), [2]) * x

    return Served(m, serve, x=[1.5, 2.0])


@model(fails=RESOURCE)
def handle_that_a_case_gives_back():
    m = module(v=[1.0, 2.0], w=[3.0, 4.0])

    def serve(x):
        handle = tf.switch_case(tf.cast(x[0], tf.int32), [lambda: m.v.handle, lambda: m.w.handle])
        return tf.ensure_shape(tf.raw_ops.ReadVariableOp(resource=handle, dtype=tf.float32), [2]) * x

    return Served(m, serve, x=[1.0, 2.0])


@model(fails=RESOURCE)
def loop_beside_a_function_that_writes():
    """Writes are put in order in one flat graph, in which the loop's handles go on through one node."""
    m = module(v=[1.0, 2.0], count=0.0)
    step = tf.function(lambda: m.count.assign_add(1.0))

    def serve(x):
        with tf.control_dependencies([step()]):
            y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * m.v), [0, x])[1]
        return y + m.count

    return Served(m, serve, x=[1.0, 2.0])
