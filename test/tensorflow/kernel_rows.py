"""Registered kernels as few rows: each a product of sets of dtypes, tried in order."""

from collections import defaultdict
from itertools import permutations, product

# More orders to merge attributes in than these are not tried: one op has five attributes.
MOST_ORDERS = 24


def _single_types(kernels):
    """By arguments in host memory: the combinations of single dtypes, each a frozenset of (attribute, dtype)."""
    singles = defaultdict(dict)
    for kernel in kernels:
        names = list(kernel.types)
        for choice in product(*(sorted(kernel.types[name]) for name in names)):
            singles[kernel.op][frozenset(zip(names, choice))] = kernel.hosts
    return singles


def _covers(general, single):
    """Whether one of the combinations constrains nothing that this one does not."""
    return any(each <= single for each in general)


def _merge_along(rows, name):
    """Joins the rows that differ in the dtypes of one attribute only."""
    joined = defaultdict(frozenset)
    for row in rows:
        rest = tuple((key, types) for key, types in row if key != name)
        joined[rest] |= dict(row)[name]
    return {tuple(sorted([*rest, (name, types)])) for rest, types in joined.items()}


def _merge(singles, names):
    """The fewest rows that the orders of merging give for combinations of the same attributes."""
    start = {tuple(sorted((name, frozenset([dtype])) for name, dtype in single)) for single in singles}
    best = start
    for _, order in zip(range(MOST_ORDERS), permutations(names)):
        rows, before = start, None
        while rows != before:
            before = rows
            for name in order:
                rows = _merge_along(rows, name)
        if len(rows) < len(best):
            best = rows
    return best


def _rows_of_layer(singles, attributes):
    """[(types by attribute, hosts)] of one op; `attributes` gives the order of the attributes."""
    groups = defaultdict(set)
    for single, hosts in singles.items():
        others = (each for each, where in singles.items() if each < single and where == hosts)
        if not _covers(others, single):
            groups[tuple(sorted(name for name, _ in single)), hosts].add(single)
    rows = []
    for (names, hosts), group in groups.items():
        for row in _merge(group, [name for name in attributes if name in names]):
            types = dict(row)
            rows.append(({name: types[name] for name in attributes if name in types}, hosts))
    # Rows with more constraints come first, since the first that fits is the one that counts.
    return sorted(rows, key=lambda row: (-len(row[0]), [sorted(types) for types in row[0].values()], row[1]))


def rows_of(own, default):
    """{op: [(types by attribute, hosts)]}: the device's own kernels, then what those for any device add."""
    attributes = defaultdict(dict)
    for kernel in [*own, *default]:
        attributes[kernel.op].update(dict.fromkeys(kernel.types))
    first, second = _single_types(own), _single_types(default)
    rows = {}
    for op in sorted(attributes):
        mine = first.get(op, {})
        added = {single: hosts for single, hosts in second.get(op, {}).items() if not _covers(mine, single)}
        order = list(attributes[op])
        rows[op] = _rows_of_layer(mine, order) + _rows_of_layer(added, order)
    return rows
