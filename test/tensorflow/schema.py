"""Compares our protobuf schema with TensorFlow's own descriptors.

Reads the schema as JSON (protobufjs's form) from standard input and prints a JSON list of the
differences: a message, field or number that one has and the other lacks or has otherwise.
"""

import json
import sys

from google.protobuf.descriptor import FieldDescriptor

import runtime  # noqa: F401  (quietens TensorFlow before it is imported)
from tensorflow.core.framework import graph_pb2
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.training import checkpoint_state_pb2

ROOTS = [graph_pb2.GraphDef, saved_model_pb2.SavedModel, checkpoint_state_pb2.CheckpointState]
SCALARS = {
    value: name[len("TYPE_"):].lower()
    for name, value in vars(FieldDescriptor).items()
    if name.startswith("TYPE_")
}


def closure(descriptor, found):
    """All messages that one leads to, by full name; map entries are part of their field."""
    if descriptor.full_name in found or not descriptor.full_name.startswith("tensorflow."):
        return
    if not descriptor.GetOptions().map_entry:
        found[descriptor.full_name] = descriptor
    for field in descriptor.fields:
        if field.message_type is not None:
            closure(field.message_type, found)


def type_name(field):
    target = field.message_type or field.enum_type
    return target.full_name if target is not None else SCALARS[field.type]


def tensorflow_field(field):
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        key, value = entry.fields_by_name["key"], entry.fields_by_name["value"]
        return [field.number, "map", type_name(key), type_name(value)]
    return [field.number, "repeated" if field.is_repeated else "one", type_name(field)]


def our_field(field, scope, types):
    named = resolve(field["type"], scope, types)
    if "keyType" in field:
        return [field["id"], "map", field["keyType"], named]
    return [field["id"], field.get("rule", "one"), named]


def resolve(name, scope, types):
    """As protobuf does: in the innermost scope that has such a name."""
    while scope:
        if f"{scope}.{name}" in types:
            return f"{scope}.{name}"
        scope = scope.rpartition(".")[0]
    return name


def flatten(node, path, types):
    for name, child in node.get("nested", {}).items():
        full = f"{path}.{name}" if path else name
        types[full] = child
        flatten(child, full, types)


def compare(types):
    found = {}
    for root in ROOTS:
        closure(root.DESCRIPTOR, found)
    for full, descriptor in found.items():
        ours = types.get(full)
        if ours is None:
            yield f"{full} is missing"
            continue
        expected = {field.name: tensorflow_field(field) for field in descriptor.fields}
        actual = {name: our_field(field, full, types) for name, field in ours["fields"].items()}
        for name in sorted(set(expected) | set(actual)):
            if expected.get(name) != actual.get(name):
                yield f"{full}.{name} is {actual.get(name)}, in TensorFlow {expected.get(name)}"


if __name__ == "__main__":
    TYPES = {}
    flatten(json.load(sys.stdin), "", TYPES)
    print(json.dumps(list(compare(TYPES))))
