"""Prints the defaults of the attributes of all registered ops, as JSON: op, attribute, AttrValue.

The AttrValue is in hexadecimal. `npm run generate:ops` writes the product's table from
this, and the comparison with TensorFlow checks that the table is still what TensorFlow has.
"""

import json

import runtime  # noqa: F401  (quietens TensorFlow before it is imported)
from tensorflow.core.framework import op_def_pb2
from tensorflow.python.client import pywrap_tf_session


def registered_ops():
    ops = op_def_pb2.OpList()
    ops.ParseFromString(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList()))
    return ops.op


def defaults(op):
    return {
        attr.name: attr.default_value.SerializeToString(deterministic=True).hex()
        for attr in op.attr
        if attr.HasField("default_value")
    }


if __name__ == "__main__":
    TABLE = {op.name: defaults(op) for op in sorted(registered_ops(), key=lambda op: op.name)}
    print(json.dumps({name: attrs for name, attrs in TABLE.items() if attrs}))
