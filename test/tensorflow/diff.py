"""Prints how our frozen graph differs from TensorFlow's: the first node, then the rest.

    python diff.py <a case's directory>
"""

import difflib
import pathlib
import sys

from runtime import read_graph

LINES = 40


def difference(expected, actual):
    """Yields lines that say where two graphs part."""
    names = [node.name for node in expected.node]
    ours = [node.name for node in actual.node]
    for title, extra in (
        ("missing nodes", set(names) - set(ours)),
        ("nodes too many", set(ours) - set(names)),
    ):
        if extra:
            yield f"  {title}: {', '.join(sorted(extra))}"
    for index, (want, got) in enumerate(zip(expected.node, actual.node)):
        if want.SerializeToString(deterministic=True) != got.SerializeToString(deterministic=True):
            yield f"  node {index} is the first that differs"
            yield from _lines(want, got)
            return
    for field in ("library", "versions"):
        want, got = getattr(expected, field), getattr(actual, field)
        if expected.HasField(field) != actual.HasField(field) or want != got:
            yield f"  {field} differs"
            yield from _lines(want, got)
    if names == ours:
        yield "  the messages may be equal: then only their encoding differs"


def _lines(want, got):
    texts = [str(message).splitlines() for message in (want, got)]
    changes = list(difflib.unified_diff(*texts, "TensorFlow", "permafrost", lineterm="", n=6))
    yield from (f"    {line[:160]}" for line in changes[:LINES])
    if len(changes) > LINES:
        yield f"    … {len(changes) - LINES} lines more"


def _first_byte(expected, actual):
    pairs = enumerate(zip(expected, actual))
    at = next((i for i, (a, b) in pairs if a != b), min(len(expected), len(actual)))
    return (
        f"  first differing byte at {at} of {len(expected)} (ours has {len(actual)}): "
        f"TensorFlow {expected[max(at - 4, 0):at + 12].hex(' ')}, "
        f"permafrost {actual[max(at - 4, 0):at + 12].hex(' ')}"
    )


def main(directory):
    """Compares expected.pb with frozen.pb."""
    files = [pathlib.Path(directory) / name for name in ("expected.pb", "frozen.pb")]
    print(_first_byte(*(file.read_bytes() for file in files)))
    try:
        graphs = [read_graph(file) for file in files]
    # Our file may be no GraphDef at all, which is worth a line, not a stack trace.
    except Exception as error:  # pylint: disable=broad-except
        print(f"  cannot be read: {type(error).__name__}: {error}")
        return
    for line in difference(*graphs):
        print(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
