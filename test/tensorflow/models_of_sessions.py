"""SavedModels that a session of TensorFlow 1 writes: several graphs, several signatures, what the loader runs."""

import pathlib

from model import Built, arrays, model, np, tf

tf1 = tf.compat.v1
predict = tf1.saved_model.predict_signature_def


class Session(Built):
    """`write(session, folder)` builds a graph and saves it."""

    def __init__(self, write, tags=Built.tags, signature=Built.signature, **feeds):
        self.write = write
        self.tags = tags
        self.signature = signature
        self.feeds = arrays(feeds)

    def save(self, folder):
        with tf.Graph().as_default(), tf1.Session() as session:
            self.write(session, folder)


def linear(x, value, resource=True):
    """x w + 1, by a variable that the session has initialised."""
    w = tf1.get_variable("w", initializer=tf.constant(value), use_resource=resource)
    tf1.get_default_session().run(w.initializer)
    return x * w + 1.0


def vector(name="x", dtype=tf.float32):
    return tf1.placeholder(dtype, [None], name=name)


@model()
def session_saves_simply():
    def write(session, folder):
        x = vector()
        tf1.saved_model.simple_save(session, folder, {"x": x}, {"y": linear(x, [2.0, 3.0])})

    return Session(write, x=[1.0, 2.0])


@model()
def session_of_references_saves_simply():
    def write(session, folder):
        x = vector()
        tf1.saved_model.simple_save(session, folder, {"x": x}, {"y": linear(x, [2.0, 3.0], resource=False)})

    return Session(write, x=[1.0, 2.0])


def two_signatures(session, folder):
    """One of them does without the variable `shift`, and without the second input."""
    x, z = vector(), vector("z")
    shift = tf1.get_variable("shift", initializer=tf.constant([0.5, 0.25]))
    session.run(shift.initializer)
    y = linear(x, [2.0, 3.0])
    builder = tf1.saved_model.Builder(folder)
    signatures = {
        "serving_default": predict({"x": x, "z": z}, {"sum": y + z * shift}),
        "plain": predict({"input": x}, {"first": y, "second": y * 2.0}),
    }
    builder.add_meta_graph_and_variables(session, ["serve"], signatures, strip_default_attrs=True)
    builder.save(as_text=True)


@model()
def first_of_two_signatures_in_text():
    return Session(two_signatures, x=[1.0, 2.0], z=[3.0, 4.0])


@model()
def second_of_two_signatures_in_text():
    return Session(two_signatures, signature="plain", input=[1.0, 2.0])


def two_graphs(session, folder):
    """The second graph shares the variables of the first, and computes something else."""
    builder = tf1.saved_model.Builder(folder)
    x = vector()
    y = linear(x, [2.0, 3.0])
    builder.add_meta_graph_and_variables(session, ["train"], {"serving_default": predict({"x": x}, {"y": y})})
    with tf.Graph().as_default():
        x = vector("other_x")
        w = tf1.get_variable("w", [2])
        builder.add_meta_graph(["serve", "cpu"], {"serving_default": predict({"x": x}, {"y": w - x})})
    builder.save()


@model()
def first_of_two_graphs():
    return Session(two_graphs, tags=("train",), x=[1.0, 2.0])


@model()
def second_of_two_graphs():
    return Session(two_graphs, tags=("cpu", "serve"), x=[1.0, 2.0])


@model()
def input_that_no_output_needs():
    """Who calls the signature feeds it all the same."""

    def write(session, folder):
        x, training = vector(), vector("training", tf.bool)
        tf1.saved_model.simple_save(session, folder, {"x": x, "training": training}, {"y": linear(x, [2.0, 3.0])})

    return Session(write, x=[1.0, 2.0], training=[True])


def write_lookup(initializer, dtype, collection):
    """A model with a table, which the loader fills because the collection tells it to."""

    def write(session, folder):
        words = vector("words", dtype)
        table = tf.lookup.StaticHashTable(initializer(), -1)
        found = linear(tf.cast(table.lookup(words), tf.float32), [2.0, 3.0])
        assets = tf1.get_collection(tf1.GraphKeys.ASSET_FILEPATHS)
        builder = tf1.saved_model.Builder(folder)
        builder.add_meta_graph_and_variables(
            session,
            ["serve"],
            {"serving_default": predict({"words": words}, {"y": found})},
            assets_collection=assets or None,
            **{collection: tf1.tables_initializer()},
        )
        builder.save()

    return write


def constants():
    return tf.lookup.KeyValueTensorInitializer(
        tf.constant([3, 5], tf.int64), tf.constant([30, 50], tf.int64)
    )


def file_of_words():
    pathlib.Path("words.txt").write_text("red\ngreen\nblue\n", encoding="utf-8")
    return tf.lookup.TextFileInitializer(
        "words.txt", tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER
    )


@model(fails="Table not initialized")
def table_that_the_main_op_fills():
    return Session(write_lookup(constants, tf.int64, "main_op"), words=np.array([5, 4], np.int64))


@model(fails="Table not initialized", tfjs_lacks="InitializeTableFromTextFileV2")
def table_of_an_asset_that_the_main_op_fills():
    return Session(write_lookup(file_of_words, tf.string, "main_op"), words=["blue", "pink"])


@model(fails="Table not initialized", tfjs_lacks="InitializeTableFromTextFileV2")
def table_of_an_asset_that_the_legacy_op_fills():
    return Session(write_lookup(file_of_words, tf.string, "legacy_init_op"), words=["green", "blue"])


@model()
def condition_and_loop_in_a_session():
    """As functions, since TensorFlow 2 builds graphs of version 1 so, too."""

    def write(session, folder):
        x = vector()
        y = linear(x, [2.0, 3.0])
        loop = lambda: tf.while_loop(lambda i, _: i < 3, lambda i, z: (i + 1, z * y), [0, y])[1]
        z = tf.cond(x[0] > 0.5, loop, lambda: x)
        tf1.saved_model.simple_save(session, folder, {"x": x}, {"z": z})

    return Session(write, x=[1.0, 2.0])
