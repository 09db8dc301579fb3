"""SavedModels of TensorFlow 1: tag sets, the variables beside the graph, assets, devices."""

import pathlib

from case import case
from runtime import tf, tf1


def linear(model, resource=False, names=("w", "b")):
    """y = x w + b."""
    x = model.input("x", [[1.0, 2.0]])
    w = model.variable(names[0], [[3.0], [4.0]], resource=resource)
    b = model.variable(names[1], [5.0], resource=resource)
    return tf.add(tf.matmul(x, w), b, name="y")


@case("saved", "saved_text")
def builder(model):
    return linear(model)


@case("saved")
def builder_of_resources(model):
    return linear(model, resource=True)


@case("saved")
def builder_with_clear_devices_off(model):
    model.flags = {"clear_devices": "false"}
    with tf.device("/cpu:0"):
        return linear(model)


@case("saved")
def builder_that_cleared_devices(model):
    model.add_meta_graphs = lambda builder, session: builder.add_meta_graph_and_variables(
        session, ["serve"], clear_devices=True
    )
    with tf.device("/cpu:0"):
        return linear(model)


@case("saved", "saved_text")
def builder_stripped_of_defaults(model):
    model.add_meta_graphs = lambda builder, session: builder.add_meta_graph_and_variables(
        session, ["serve"], strip_default_attrs=True
    )
    return linear(model, resource=True)


@case("saved")
def simple_save(model):
    def save(builder, session):
        y = session.graph.get_tensor_by_name("y:0")
        x = session.graph.get_tensor_by_name("x:0")
        signature = tf1.saved_model.predict_signature_def({"x": x}, {"y": y})
        builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature})

    model.add_meta_graphs = save
    return linear(model)


def two_tag_sets(builder, session):
    builder.add_meta_graph_and_variables(session, ["train"])
    builder.add_meta_graph(["serve", "gpu"])


@case("saved")
def tag_set_of_two(model):
    model.add_meta_graphs = two_tag_sets
    model.flags = {"saved_model_tags": "gpu,serve"}
    return linear(model)


@case("saved")
def tag_set_of_another_name(model):
    model.add_meta_graphs = two_tag_sets
    model.flags = {"saved_model_tags": "train"}
    return linear(model, resource=True)


@case("saved")
def tag_set_without_tags(model):
    model.add_meta_graphs = lambda builder, session: builder.add_meta_graph_and_variables(session, [])
    model.flags = {"saved_model_tags": ""}
    return linear(model)


@case("saved", fails="could not be found in the SavedModel", refused=True)
def tag_set_that_is_not_there(model):
    model.add_meta_graphs = two_tag_sets
    return linear(model)


@case("saved", fails="could not be found in the SavedModel", refused=True)
def tag_set_that_is_a_part_of_one(model):
    model.add_meta_graphs = two_tag_sets
    model.flags = {"saved_model_tags": "serve"}
    return linear(model)


@case("saved")
def saved_model_before_a_graph_and_a_checkpoint(model):
    """Both are ignored, whether they exist or not."""
    model.flags = {"input_graph": "nothing.pb", "input_checkpoint": "nowhere"}
    return linear(model)


@case("saved")
def saver_of_other_names_in_a_saved_model(model):
    """The keys are the Saver's, and no variable has such a name."""

    def save(builder, session):
        by_name = {each.op.name: each for each in tf1.global_variables()}
        saver = tf1.train.Saver({"first": by_name["w"], "second": by_name["b"]}, sharded=True)
        builder.add_meta_graph_and_variables(session, ["serve"], saver=saver)

    model.add_meta_graphs = save
    return linear(model)


@case("saved")
def saver_that_swaps_names_in_a_saved_model(model):
    """Each variable is stored under the other's name; they are of one shape, so only the restore ops tell."""
    x = model.input("x", [1.0, 2.0])
    a = model.resource("a", [3.0, 4.0])
    b = model.resource("b", [5.0, 6.0])

    def save(builder, session):
        by_name = {each.op.name: each for each in tf1.global_variables()}
        saver = tf1.train.Saver({"a": by_name["b"], "b": by_name["a"]}, sharded=True)
        builder.add_meta_graph_and_variables(session, ["serve"], saver=saver)

    model.add_meta_graphs = save
    return tf.add(tf.multiply(x, a), b, name="y")


@case("saved")
def assets_of_a_saved_model(model):
    pathlib.Path("vocabulary.txt").write_text("one\ntwo\n", encoding="utf-8")
    path = tf.constant("vocabulary.txt", name="path")

    def save(builder, session):
        tf1.add_to_collection(tf1.GraphKeys.ASSET_FILEPATHS, path)
        assets = tf1.get_collection(tf1.GraphKeys.ASSET_FILEPATHS)
        builder.add_meta_graph_and_variables(session, ["serve"], assets_collection=assets)

    model.add_meta_graphs = save
    # The loader feeds the path to the table's initialiser only, so the constant is the same in all.
    return [linear(model).op, tf.identity(path, name="path_read")]


def assign_when_loaded(model, collection, variable, value):
    """The loader assigns it after it has restored what was saved; the live numbers come after that too."""
    assigned = tf1.assign(variable, value).op
    model.more_initializers.append(assigned)

    def save(builder, session):
        session.run(variable.initializer)
        builder.add_meta_graph_and_variables(session, ["serve"], **{collection: assigned})

    model.add_meta_graphs = save


@case("saved", "saved_text")
def main_op_that_assigns(model):
    x = model.input("x", [1.0, 2.0])
    a, b = model.resource("a", [3.0, 4.0]), model.variable("b", [5.0, 6.0])
    assign_when_loaded(model, "main_op", b, tf.constant([7.0, 8.0]))
    return tf.add(tf.multiply(x, a), b, name="y")


@case("saved")
def legacy_init_op_that_assigns_what_was_not_saved(model):
    x = model.input("x", [1.0, 2.0])
    a = model.variable("a", [3.0, 4.0])
    local = model.resource("local", [0.0, 0.0], collections=[tf1.GraphKeys.LOCAL_VARIABLES])
    assign_when_loaded(model, "legacy_init_op", local, tf.fill([2], 0.5))
    return tf.add(tf.multiply(x, a), local, name="y")


class NoSaver:
    """A Saver refuses to be made for a model without variables."""

    def save(self, *_, **__):
        """Nothing is to be saved."""


@case("saved", "saved_text")
def saved_model_without_variables(model):
    """The graph alone is taken; the folder has no checkpoint."""
    model.make_saver = NoSaver
    return tf.multiply(model.input("x", [1.0, 2.0]), 2.0, name="y")
