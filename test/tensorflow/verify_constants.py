"""Holds graphs whose constants were changed for their devices against the live numbers, and their functions against TensorFlow.

    python verify_constants.py <directory> <model>...

`copies/copies.pb` and `dtypes/dtypes.pb` run wherever TensorFlow likes, and beside each that has functions is
`graph_def_library.pbtxt`. Where constants were stored in another type, `dtypes/rounded.pb` has the same rounded weights
without any devices, and gives the numbers. Prints one JSON object: name to what is wrong, or null.
"""

import json
import pickle
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from outcomes import verify_each
from runtime import read_graph, tf
from tensorflow.python.framework import function_def_to_graph, op_def_registry
from verify_models import fetched, numbers_fault_of

def verify(folder):
    """Returns what is wrong with the graphs in a folder, or None."""
    with open(folder / "numbers.pickle", "rb") as file:
        numbers = pickle.load(file)
    rtol = json.loads((folder / "model.json").read_text())["rtol"]
    for way in ["copies", "dtypes"]:
        graph = f"{way}/{way}.pb"
        expected = numbers
        if (folder / way / "rounded.pb").exists():
            rounded = fetched(folder, f"{way}/rounded.pb", "rounded.json", numbers)
            expected, rtol = {**numbers, "fetches": rounded}, 0
        fault = numbers_fault_of(folder, graph, f"{way}.json", expected, rtol)
        fault = fault or _library_fault(read_graph(folder / graph), folder / way / "graph_def_library.pbtxt")
        if fault:
            return f"{way}: {fault}"
    return None


def _library_fault(graph_def, path):
    """Whether the functions as graphs are what TensorFlow makes of them."""
    functions = graph_def.library.function
    if path.exists() != bool(functions):
        return f"{len(functions)} functions, and {'a' if path.exists() else 'no'} file of them"
    if not functions:
        return None
    library = text_format.Parse(path.read_text(), _library_class()())
    names = [each.name for each in library.graph_def]
    if names != [each.signature.name for each in functions]:
        return f"functions {names}"
    with tf.Graph().as_default():
        tf.import_graph_def(graph_def, name="")
        for ours, function in zip(library.graph_def, functions):
            expected = _expected(function)
            if ours.graph.SerializeToString(deterministic=True) != expected.SerializeToString(deterministic=True):
                return f"function {ours.name} is other than TensorFlow's: {_first_difference(ours.graph, expected)}"
    return None


def _expected(function):
    """TensorFlow's graph of a function, with its arguments and results as nodes."""
    graph, tensors = function_def_to_graph.function_def_to_graph_def(function)
    arguments = function.signature.input_arg
    for index, node in enumerate(graph.node):
        node.input[:] = [each.removesuffix(":0") for each in node.input]
        node.ClearField("experimental_debug_info")
        node.ClearField("experimental_type")
        if index < len(arguments):
            node.op = "_Arg"
            node.attr["T"].CopyFrom(node.attr["dtype"])
            del node.attr["dtype"]
            node.attr["index"].i = index
            if "_output_shapes" in function.arg_attr[index].attr:
                node.attr["_output_shapes"].CopyFrom(function.arg_attr[index].attr["_output_shapes"])
    for index, result in enumerate(function.signature.output_arg):
        node = graph.node.add(name=f"{result.name}_Retval", op="_Retval")
        node.attr["T"].type = result.type
        node.attr["index"].i = index
        # Without descriptions, as TensorFlow's own graphs carry it.
        node.attr["op_def"].s = op_def_registry.get("_Retval").SerializeToString(deterministic=True)
        node.input.append(tensors[function.ret[result.name]].removesuffix(":0"))
    return graph


def _first_difference(ours, expected):
    for mine, other in zip(ours.node, expected.node):
        if mine != other:
            return f"{mine} and not {other}".replace("\n", " ")
    return f"{len(ours.node)} nodes and not {len(expected.node)}, or other versions"


def _library_class():
    """The message that Ascend's compiler reads, from its names alone."""
    pool = descriptor_pool.Default()
    try:
        return message_factory.GetMessageClass(pool.FindMessageTypeByName("domi.tensorflow.GraphDefLibrary"))
    except KeyError:
        pass
    file = descriptor_pb2.FileDescriptorProto(name="graph_library.proto", package="domi.tensorflow", syntax="proto3")
    file.dependency.append("tensorflow/core/framework/graph.proto")
    graph = file.message_type.add(name="GeGraphDef")
    _add_field(graph, "name", 1, type="TYPE_STRING")
    _add_field(graph, "graph", 2, type="TYPE_MESSAGE", type_name=".tensorflow.GraphDef")
    library = file.message_type.add(name="GraphDefLibrary")
    of_graphs = ".domi.tensorflow.GeGraphDef"
    _add_field(library, "graph_def", 1, label="LABEL_REPEATED", type="TYPE_MESSAGE", type_name=of_graphs)
    pool.Add(file)
    return _library_class()


def _add_field(message, name, number, label="LABEL_OPTIONAL", **more):
    message.field.add(name=name, number=number, label=label, **more)


def main(directory, *names):
    """Verifies the named models."""
    verify_each(verify, directory, names)


if __name__ == "__main__":
    main(*sys.argv[1:])
