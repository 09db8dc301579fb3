"""What stands around the variables: chains, control inputs, pruned nodes, many nodes."""

from case import case
from runtime import np, tf, tf1


def resource_in_meta(model):
    """Resource variables freeze in TensorFlow through a .meta only."""
    return model.form.startswith("meta")


@case("pb", "meta")
def identity_chain(model):
    chain = model.variable("w", [1.0, 2.0], resource=resource_in_meta(model))
    for index in range(4):
        chain = tf.identity(chain, name=f"chain_{index}")
    return tf.multiply(chain, 2.0, name="y")


@case("pb", "pbtxt")
def identity_chain_with_shapes(model):
    model.add_shapes = True
    return identity_chain(model)


@case("meta")
def identity_on_a_handle(model):
    w = model.resource("w", [1.0, 2.0])
    handle = tf.raw_ops.Identity(input=w.handle, name="again")
    handle = tf.raw_ops.Identity(input=handle, name="and_again")
    return tf.raw_ops.ReadVariableOp(resource=handle, dtype=tf.float32, name="y")


@case("meta")
def many_reads_of_a_handle(model):
    w = model.resource("w", [1.0, 2.0])
    reads = [tf.raw_ops.ReadVariableOp(resource=w.handle, dtype=tf.float32) for _ in range(3)]
    return tf.add_n(reads, name="y")


@case("meta")
def read_with_control_inputs(model):
    w = model.resource("w", [1.0, 2.0])
    with tf.control_dependencies([tf.no_op(name="first"), model.input("x", [1.0])]):
        read = tf.raw_ops.ReadVariableOp(resource=w.handle, dtype=tf.float32, name="late")
    return tf.multiply(read, 2.0, name="y")


@case("pb", "meta")
def control_input_from_a_variable(model):
    w = model.variable("w", [1.0, 2.0], resource=resource_in_meta(model))
    with tf.control_dependencies([w.op]):
        return tf.add(w, 1.0, name="y")


@case("meta")
def no_read_of_its_own(model):
    # The converter fetches `<name>/Read/ReadVariableOp`, which pruning has left in the live graph.
    w = model.resource("w", [1.0, 2.0])
    return tf.raw_ops.ReadVariableOp(resource=w.handle, dtype=tf.float32, name="y")


def rename_read(graph_def):
    """Takes away the name that the converter counts on."""
    for node in graph_def.node:
        node.name = node.name.replace("w/Read/ReadVariableOp", "w/Another")
        for index, name in enumerate(node.input):
            node.input[index] = name.replace("w/Read/ReadVariableOp", "w/Another")


@case("meta", fails="w/Read/ReadVariableOp:0")
def no_read_by_its_name(model):
    model.edit = rename_read
    return no_read_of_its_own(model)


@case("pb", "meta")
def training_nodes(model):
    x = model.input("x", [[1.0, 2.0]])
    w = model.variable("w", [[1.0], [-1.0]], resource=resource_in_meta(model))
    y = tf.matmul(x, w, name="y")
    loss = tf.reduce_mean(tf.square(y - 1.0))
    step = model.variable("step", 0, tf.int64, resource_in_meta(model), trainable=False)
    tf1.train.AdamOptimizer(0.1).minimize(loss, step)
    return y


@case("pb", "meta")
def unused_variables(model):
    for index in range(3):
        model.variable(f"unused_{index}", [1.0], resource=resource_in_meta(model))
    return tf.multiply(model.variable("w", 3.0, resource=resource_in_meta(model)), 2.0, name="y")


@case()
def names_of_all_kinds(model):
    first = model.variable("A.b_c-d/e/0", [1.0])
    second = model.variable("A.b_c-d/e/0", [2.0])
    with tf.name_scope("x.y"):
        third = model.variable("z", [3.0])
    return tf.add_n([first, second, third], name="out/put")


@case()
def large_constants(model):
    big = tf.constant(np.random.default_rng(1).random((300, 300)), tf.float32, name="big")
    small = tf.constant(np.zeros((1000,)), tf.float32, name="zeros")
    w = model.variable("w", np.eye(300))
    return [tf.add(big, w, name="y"), tf.identity(small, name="z")]


@case("pb", "pbtxt")
def many_nodes(model):
    random = np.random.default_rng(2)
    total = model.input("x", random.random(4))
    for index in range(500):
        w = model.variable(f"block_{index}/w", random.random(4))
        for _ in range(3):
            total = tf.add(total * w, 0.5)
    return tf.identity(total, name="y")


@case("pb", "meta")
def tables(model):
    keys = tf.constant(["a", "b"])
    initializer = tf.lookup.KeyValueTensorInitializer(keys, tf.constant([1, 2], tf.int64))
    table = tf.lookup.StaticHashTable(initializer, -1)
    w = model.variable("w", [5, 6], tf.int64, resource=resource_in_meta(model))
    found = table.lookup(model.input("words", [b"b", b"x"], tf.string))
    init = tf.group(tf1.tables_initializer(), name="init_tables")
    model.flags = {"initializer_nodes": "init_tables"}
    return [tf.add(found, w, name="y"), init]


@case()
def placeholder_with_default(model):
    keep = tf1.placeholder_with_default(tf.constant([1.0, 2.0]), [2], name="keep")
    return tf.multiply(keep, model.variable("w", [3.0, 4.0]), name="y")


@case()
def used_without_a_read(model):
    w = model.variable("w", [1.0, 2.0])
    return tf.multiply(w._variable, 2.0, name="y")  # pylint: disable=protected-access


@case("meta")
def two_handles_of_one_variable(model):
    model.resource("w", [1.0, 2.0])
    alias = tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=[2], shared_name="w", name="alias")
    with tf1.name_scope("alias/Read/"):
        read = tf.raw_ops.ReadVariableOp(
            resource=alias, dtype=tf.float32, name="alias/Read/ReadVariableOp/"
        )
    return tf.multiply(read, 2.0, name="y")


@case("pb", "pbtxt", "meta")
def call_of_another_function(model):
    @tf.function
    def twice(x):
        with tf.device("/cpu:0"):
            return x + x

    w = model.variable("w", [3.0, 4.0], resource=resource_in_meta(model))
    return tf.multiply(w, twice(model.input("x", [1.0, 2.0])), name="y")
