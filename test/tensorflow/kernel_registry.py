"""The kernels that TensorFlow registers, as far as the tables of native/core/devices/tables tell of them.

A kernel that has a label is only for those who ask for it by that label, so it is left out, and so is one whose
constraint is on an attribute that the op does not have, since no node fits it. Constraints on attributes that are not
types (`data_format` of DepthToSpace) are not the tables' business.
"""

import sys

import runtime
from op_defaults import registered_ops
from tensorflow.python.framework import dtypes
from tensorflow.python.framework import kernels

TYPES = ("type", "list(type)")


class Kernel:
    """One registration: `types` has the names of the allowed dtypes by attribute, `hosts` the arguments in order."""

    def __init__(self, op, types, hosts):
        self.op = op
        self.types = types
        self.hosts = hosts


def _in_order(op_def, names):
    arguments = [arg.name for arg in [*op_def.input_arg, *op_def.output_arg]]
    return tuple(dict.fromkeys(name for name in arguments if name in names))


def _kernel(definition, op_def):
    kinds = {attr.name: attr.type for attr in op_def.attr}
    types = {}
    for constraint in definition.constraint:
        kind = kinds.get(constraint.name)
        if kind is None:
            return None
        if kind in TYPES:
            allowed = constraint.allowed_values.list.type
            types[constraint.name] = frozenset(dtypes.as_dtype(number).name for number in allowed)
    in_order = {name: types[name] for name in kinds if name in types}
    return Kernel(definition.op, in_order, _in_order(op_def, set(definition.host_memory_arg)))


def kernels_of(device):
    """The kernels that a device of that type can use: its own, and those for any device, for what its own leave."""
    if device == "GPU" and not runtime.tf.test.is_built_with_cuda():
        sys.exit("Expected a TensorFlow with CUDA (the wheel `tensorflow`) but this one is built without.")
    op_defs = {op.name: op for op in registered_ops()}
    found = {device: [], "DEFAULT": []}
    for definition in kernels.get_all_registered_kernels().kernel:
        if definition.device_type not in found or definition.label or definition.op not in op_defs:
            continue
        kernel = _kernel(definition, op_defs[definition.op])
        if kernel is not None:
            found[definition.device_type].append(kernel)
    return found[device], found["DEFAULT"]
