"""Prints the signatures of all registered ops, as JSON. `npm run generate:ops` writes them into the product.

An argument is its name, then `:`, then what decides its type: `=1` (a DataType number), `T` (an attribute of one
type), `[T]` (an attribute that lists types), each with `N*` before it where the attribute N says how many there are,
and `&` before all where it is a reference. An attribute is its name and kind, `?` where it has a default, `>=n` for a
minimum, `in ...` for the numbers of the types, or the texts, that it may be. Last comes `true` for an op that is stateful.
"""

import json

import runtime  # noqa: F401  (quietens TensorFlow before it is imported)
from op_defaults import registered_ops


def argument(arg):
    kind = f"[{arg.type_list_attr}]" if arg.type_list_attr else arg.type_attr or f"={arg.type}"
    number = f"{arg.number_attr}*" if arg.number_attr else ""
    return f"{arg.name}:{'&' if arg.is_ref else ''}{number}{kind}"


def attribute(attr):
    text = f"{attr.name}:{attr.type}"
    if attr.HasField("default_value"):
        text += "?"
    if attr.has_minimum:
        text += f">={attr.minimum}"
    allowed = [str(each) for each in attr.allowed_values.list.type] or [
        each.decode() for each in attr.allowed_values.list.s
    ]
    return text + (f" in {','.join(allowed)}" if allowed else "")


def signature(op):
    return [
        [argument(arg) for arg in op.input_arg],
        [argument(arg) for arg in op.output_arg],
        [attribute(attr) for attr in op.attr],
    ] + ([True] if op.is_stateful else [])


if __name__ == "__main__":
    OPS = sorted(registered_ops(), key=lambda op: op.name)
    print(json.dumps({op.name: signature(op) for op in OPS}, separators=(",", ":")))
