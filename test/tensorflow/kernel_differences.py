"""Holds a table of kernels, from standard input, against the kernels that TensorFlow registers for a device type.

Prints a JSON list of the ops about which they differ, either way. Every combination of dtypes is tried that a row or a
kernel tells from another.
"""

import json
import sys
from itertools import product

import runtime  # noqa: F401  (quietens TensorFlow before it is imported)
from kernel_registry import kernels_of

# Stands for the dtypes that nobody names.
OTHER = "any other"


def read_table(text):
    """{op: [(types by attribute, hosts)]}"""
    sets, rows = {}, {}
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[1:2] == ["="]:
            sets[words[0]] = _expand(words[2:], sets)
            continue
        fields = {key: values.split(",") for key, values in (word.split("=") for word in words[1:])}
        hosts = fields.pop("host", [])
        types = {name: _expand(values, sets) for name, values in fields.items()}
        rows.setdefault(words[0], []).append((types, hosts))
    return rows


def _expand(words, sets):
    return frozenset(dtype for word in words for dtype in sets.get(word, [word]))


def _hosts(rows, choice):
    """The arguments in host memory, by the first row that fits; None: no row does."""
    for types, hosts in rows:
        if all(choice[name] in allowed for name, allowed in types.items()):
            return sorted(hosts)
    return None


def _difference(ours, theirs):
    """The first choice of dtypes that the two answer differently, or None."""
    named = {}
    for types, _ in [*ours, *theirs]:
        for name, allowed in types.items():
            named.setdefault(name, {OTHER}).update(allowed)
    for dtypes in product(*(sorted(values) for values in named.values())):
        choice = dict(zip(named, dtypes))
        table, tensorflow = _hosts(ours, choice), _hosts(theirs, choice)
        if table != tensorflow:
            return f"for {choice} the table has {_answer(table)}, TensorFlow {_answer(tensorflow)}"
    return None


def _answer(hosts):
    return "no kernel" if hosts is None else f"a kernel with {hosts} in host memory"


def compare(table, device):
    theirs = {}
    for kernel in [kernel for layer in kernels_of(device) for kernel in layer]:
        theirs.setdefault(kernel.op, []).append((kernel.types, kernel.hosts))
    for op in sorted(table.keys() | theirs.keys()):
        difference = _difference(table.get(op, []), theirs.get(op, []))
        if difference:
            yield f"{op}: {difference}"


if __name__ == "__main__":
    print(json.dumps(list(compare(read_table(sys.stdin.read()), sys.argv[1]))))
