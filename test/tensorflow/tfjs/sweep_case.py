"""One op with inputs and attributes, and what TensorFlow computes with it."""

import base64
import dataclasses
import pathlib
import sys

import numpy as np
import tensorflow as tf
from tensorflow.python.framework import op_def_registry

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from tensor_json import tensors_json  # pylint: disable=wrong-import-position

tf1 = tf.compat.v1


@dataclasses.dataclass
class Const:
    """An input that is a constant of the graph; others are fed."""

    value: np.ndarray


@dataclasses.dataclass
class Made:
    """An input that nodes make of what is fed: `make` takes the placeholder."""

    value: np.ndarray
    make: object


@dataclasses.dataclass
class Default:
    """An input that has a default, which is not what is fed."""

    value: np.ndarray
    default: np.ndarray
    shape: tuple


@dataclasses.dataclass
class Case:
    """`inputs` and `attrs` as `tf.raw_ops` takes them; `only` are the outputs that are asked for, by number."""

    op: str
    inputs: dict
    attrs: dict = dataclasses.field(default_factory=dict)
    only: tuple = ()
    open_ranks: bool = False


def const(value, dtype=np.int32):
    """A constant input."""
    return Const(np.array(value, dtype))


def allowed(op, attr="T"):
    """The types that an op takes, as TensorFlow's registry has it."""
    definition = op_def_registry.get(op)
    found = [each for each in definition.attr if each.name == attr]
    if not found or not found[0].allowed_values.list.type:
        return ALL_TYPES
    types = [tf.dtypes.as_dtype(each) for each in found[0].allowed_values.list.type]
    return [each.name for each in types if each.name in ALL_TYPES]


ALL_TYPES = (
    "float32 float64 float16 bfloat16 int32 int64 int16 int8 uint8 uint16 uint32 uint64 bool complex64 complex128 string"
).split()


def run(case):
    """The case as JSON: a GraphDef, the names of outputs, what was fed and what came out; None where TensorFlow fails."""
    feeds = {}
    with tf.Graph().as_default() as graph, tf1.Session() as session:
        try:
            inputs = {name: _input(name, value, feeds, case.open_ranks) for name, value in case.inputs.items()}
            result = getattr(tf.raw_ops, case.op)(**inputs, **case.attrs, name="case")
            names = _outputs(result, case.only)
            fetched = session.run(
                [f"{name}:0" for name in names], {f"{name}:0": value for name, value in feeds.items()}
            )
        except (tf.errors.OpError, ValueError, TypeError, KeyError, RuntimeError, NotImplementedError) as error:
            return {"op": case.op, "failed": str(error)}
        graph_def = graph.as_graph_def()
    return {
        "op": case.op,
        "title": _title(case),
        "graph": base64.b64encode(graph_def.SerializeToString(deterministic=True)).decode(),
        "outputs": names,
        "feeds": tensors_json(feeds),
        "fetches": tensors_json(dict(zip(names, fetched))),
    }


def _input(name, value, feeds, is_open):
    if isinstance(value, (list, tuple)):
        return [_input(f"{name}_{index}", each, feeds, is_open) for index, each in enumerate(value)]
    if isinstance(value, Const):
        return tf.constant(value.value, name=name)
    if isinstance(value, Made):
        return value.make(_fed(name, value.value, feeds, is_open))
    if isinstance(value, Default):
        feeds[name] = value.value
        return tf1.placeholder_with_default(value.default, value.shape, name=name)
    if callable(value):
        return value()
    if isinstance(value, int):
        return value
    value = np.asarray(value)
    if value.dtype.kind == "c":
        parts = [_fed(f"{name}_{part}", getattr(value, part), feeds, is_open) for part in ("real", "imag")]
        return tf.raw_ops.Complex(real=parts[0], imag=parts[1], Tout=value.dtype.name)
    return _fed(name, value, feeds, is_open)


def _fed(name, value, feeds, is_open):
    feeds[name] = value
    dtype = tf.string if value.dtype.kind in "OSU" else value.dtype
    return tf1.placeholder(dtype, None if is_open else value.shape, name=name)


def _outputs(result, only):
    outputs = [result] if tf.is_tensor(result) else tf.nest.flatten(list(result))
    names = []
    for index, output in enumerate(outputs):
        if only and index not in only:
            continue
        if output.dtype.is_complex:
            for part, take in (("real", tf.math.real), ("imag", tf.math.imag)):
                names.append(f"{part}_{index}")
                tf.identity(take(output), name=names[-1])
        else:
            names.append(f"out_{index}")
            tf.identity(output, name=names[-1])
    return names


def _title(case):
    parts = [f"{name}={_short(value)}" for name, value in {**case.inputs, **case.attrs}.items()]
    parts += [f"outputs={','.join(map(str, case.only))}"] if case.only else []
    parts += ["ranks open"] if case.open_ranks else []
    return f"{case.op} {' '.join(parts)}"


def _short(value):
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (np.ndarray, Const)):
        return "[" + "; ".join(_short(each) for each in value) + "]"
    if isinstance(value, Const):
        text = np.array2string(value.value, separator=",", max_line_width=10**6).replace("\n", "")
        return text if len(text) < 60 else f"const {value.value.dtype}{list(value.value.shape)}"
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{list(value.shape)}"
    if isinstance(value, Made):
        return f"made of {_short(value.value)}"
    if isinstance(value, Default):
        return f"{_short(value.value)} in place of {_short(value.default)}"
    return repr(value) if not callable(value) else "..."
