"""Checkpoints of objects (tf.train.Checkpoint), whose keys are paths of attributes and not names of variables."""

from case import case
from runtime import tf, tf1


class ObjectSaver:
    """Writes a checkpoint of objects where a case would use a Saver; exports with a Saver's nodes, as users do."""

    def __init__(self, **objects):
        self._checkpoint = tf1.train.Checkpoint(**objects)
        self._saver = tf1.train.Saver()

    def save(self, session, path, **_):
        """Writes the checkpoint's files."""
        self._checkpoint.write(path, session=session)

    def export_meta_graph(self, *args, **options):
        """Writes the MetaGraphDef of a Saver that goes by names."""
        self._saver.export_meta_graph(*args, **options)


def linear(model, names=("w", "b"), resource=True):
    """y = x a + b, with both variables of one shape."""
    x = model.input("x", [1.0, 2.0])
    first = model.variable(names[0], [3.0, 4.0], resource=resource)
    second = model.variable(names[1], [5.0, 6.0], resource=resource)
    model.make_saver = lambda: ObjectSaver(one=first, two={"with/slash.dot": second})
    return tf.add(tf.multiply(x, first), second, name="y")


@case("meta", "meta_text")
def objects(model):
    return linear(model)


@case("meta")
def objects_of_reference_variables(model):
    return linear(model, resource=False)


@case("pb", "pbtxt", fails="No variables to save")
def objects_without_a_saver_def(model):
    """TensorFlow's tool looks for the keys of this checkpoint in the graph and finds none."""
    return linear(model)


@case("meta")
def objects_of_names_in_scopes(model):
    return linear(model, names=("layer/kernel", "layer_1/kernel"))


@case("saved")
def objects_beside_a_saved_model(model):
    """The folder's own variables count, not the checkpoint."""
    return linear(model)
