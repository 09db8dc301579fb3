"""Holds our frozen graphs against the live numbers, or against a structure.

    python verify.py <directory> <case>...

Prints one JSON object: case name to what is wrong with it, or null.
"""

import json
import pickle
import sys

from differences import difference
from outcomes import verify_each
from renamed import renamed
from runtime import read_graph, run_frozen


def verify(folder):
    """Returns what is wrong with folder/frozen.pb, or None."""
    case = json.loads((folder / "case.json").read_text())
    if case["check"] == "structure":
        wrong = structure_difference(folder)
        if wrong or not case["run"]:
            return wrong
    if case["check"] == "renamed":
        expected, frozen = (read_graph(folder / name) for name in ("expected.pb", "frozen.pb"))
        return None if renamed(expected) == renamed(frozen) else "other than TensorFlow's, function names aside"
    with open(folder / "numbers.pickle", "rb") as file:
        case["numbers"] = pickle.load(file)
    frozen = run_frozen(folder / "frozen.pb", case)
    return difference(case["numbers"]["fetches"], frozen, case["rtol"])


def structure_difference(folder):
    """Compares two GraphDefs as messages, for graphs that no session can run."""
    expected = read_graph(folder / "structure.pb")
    actual = read_graph(folder / "frozen.pb")
    if expected == actual:
        return None
    names = [[node.name for node in graph.node] for graph in (expected, actual)]
    if names[0] != names[1]:
        return f"expected the nodes {names[0]} but got {names[1]}"
    for want, got in zip(expected.node, actual.node):
        if want != got:
            return f"node {want.name} differs"
    return "the nodes are equal but library or versions differ"


def main(directory, *names):
    """Verifies the named cases."""
    verify_each(verify, directory, names)


if __name__ == "__main__":
    main(*sys.argv[1:])
