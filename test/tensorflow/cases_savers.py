"""Savers given by --input_saver: their restore ops stand in the graph."""

from google.protobuf import text_format

from case import case
from runtime import tf, tf1


def with_saver(model, resource=False, names=("w", "b")):
    """y = x w + b, and a SaverDef beside the graph, which holds the saver's own nodes."""
    x = model.input("x", [[1.0, 2.0]])
    w = model.variable("w", [[3.0], [4.0]], resource=resource)
    b = model.variable("b", [5.0], resource=resource)
    saver = tf1.train.Saver(dict(zip(names, (w, b))))

    def write_saver():
        saver_def = saver.as_saver_def()
        with open("saver.def", "wb") as file:
            if model.form == "pb":
                file.write(saver_def.SerializeToString())
            else:
                file.write(text_format.MessageToString(saver_def).encode())

    model.make_saver = lambda: saver
    model.after_save = write_saver
    model.flags = {"input_saver": "saver.def"}
    return tf.add(tf.matmul(x, w), b, name="y")


@case("pb", "pbtxt")
def saver_with_a_graph(model):
    return with_saver(model)


@case("pb")
def saver_with_other_names(model):
    return with_saver(model, names=("renamed/w", "renamed/b"))


@case("pb", "pbtxt")
def saver_with_resource_variables(model):
    return with_saver(model, resource=True)


@case("pb")
def saver_with_resources_of_other_names(model):
    return with_saver(model, resource=True, names=("renamed/w", "renamed/b"))
