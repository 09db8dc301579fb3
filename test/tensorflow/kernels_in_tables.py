"""Our tables of kernels, read by other means than the core reads them: whether a node has a kernel on a device."""

import functools
import pathlib

from runtime import tf
from tensorflow.core.framework import attr_value_pb2
from tensorflow.python.framework import op_def_registry

FOLDER = pathlib.Path(__file__).parents[2] / "native" / "core" / "devices" / "tables"


@functools.cache
def _table(target):
    sets, rows = {}, {}
    for line in (FOLDER / f"{target}.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if " = " in line:
            name, members = line.split(" = ")
            sets[name] = [each for member in members.split() for each in sets.get(member, [member])]
            continue
        op, *words = line.split()
        pairs = dict(word.split("=") for word in words)
        has_hosts = pairs.pop("host", None) is not None
        types_of = {
            name: {each for member in types.split(",") for each in sets.get(member, [member])}
            for name, types in pairs.items()
        }
        rows.setdefault(op, []).append((types_of, has_hosts))
    return rows


@functools.cache
def heavy_ops():
    """The ops that are worth a crossing to the device that is wanted."""
    lines = (FOLDER / "heavy.txt").read_text().splitlines()
    return {op for line in lines if not line.startswith("#") for op in line.split()}


def _attribute(node, name):
    # Looking for an attribute in a message that lacks it would put it there.
    return node.attr[name] if name in node.attr else attr_value_pb2.AttrValue()


def _types_of(node, name):
    value = _attribute(node, name)
    numbers = value.list.type if value.HasField("list") else [value.type]
    return {tf.as_dtype(number).name for number in numbers if number}


def has_kernel(target, node):
    """Whether a row of the target's table fits the node's types."""
    return _row_of(target, node) is not None


def uses_host(target, node):
    """Whether the node, which has a kernel there, takes or gives tensors in host memory."""
    _, has_hosts = _row_of(target, node)
    return has_hosts


def _row_of(target, node):
    """The first row that fits."""
    fits = lambda types_of: all(_types_of(node, name) <= allowed for name, allowed in types_of.items())
    return next((row for row in _table(target).get(node.op, []) if fits(row[0])), None)


def is_bound(node, index):
    """Whether an input of data is a reference or a handle, which must be where it is used."""
    op_def = op_def_registry.get(node.op)
    if op_def is None:
        return False
    for argument in op_def.input_arg:
        count, types = 1, [argument.type or _attribute(node, argument.type_attr).type]
        if argument.number_attr:
            count = _attribute(node, argument.number_attr).i
        if argument.type_list_attr:
            types = _attribute(node, argument.type_list_attr).list.type
            count = len(types)
        if index < count:
            dtype = types[index] if argument.type_list_attr else types[0]
            return argument.is_ref or dtype == tf.resource.as_datatype_enum
        index -= count
    return False
