"""Graphs without what is arbitrary in them: TensorFlow numbers frozen functions by how many it has ever made."""

import re


def has_frozen_functions(graph):
    """Whether there is anything to rename."""
    return any(re.search(r"_frozen_\d+$", function.signature.name) for function in graph.library.function)


def renamed(graph):
    """The graph with its frozen functions numbered in the order of the library."""
    numbers = {}
    for function in graph.library.function:
        if re.search(r"_frozen_\d+$", function.signature.name):
            base = function.signature.name.rsplit("_", 1)[0]
            numbers[function.signature.name] = f"{base}_{len(numbers)}"
    _rename(graph, numbers)
    return graph.SerializeToString(deterministic=True)


def _rename(graph, names):
    nodes = list(graph.node)
    for function in graph.library.function:
        function.signature.name = names.get(function.signature.name, function.signature.name)
        nodes += function.node_def
    for node in nodes:
        for value in node.attr.values():
            functions = [value.func] if value.HasField("func") else value.list.func if value.HasField("list") else []
            for function in functions:
                function.name = names.get(function.name, function.name)
