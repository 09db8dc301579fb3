"""Holds the inference graphs that permafrost makes of training graphs against those made by hand.

    python verify_training.py <directory> <row>...

Prints one JSON object: the row's name to what is wrong, or null. `frozen.pb` and `inlined.pb` must give the numbers,
and have nothing of training in them.
"""

import json
import pickle
import re
import sys

import numpy as np
from google.protobuf import text_format

from outcomes import verify_each
from runtime import read_graph, session_config, tf, tf1

# pylint: disable=wrong-import-order
from tensorflow.core.protobuf import saved_model_pb2

RANDOM = r"\w*Random\w*|\w*TruncatedNormal\w*|Multinomial|DropOut\w*"
UPDATES = r"\w*Apply[A-Z]\w*|Assign\w*|(Resource)?Scatter(Add|Sub|Update)|VarHandleOp|VariableV2"
GRADIENTS = r"\w*Grad(V\d)?|\w*Backprop\w*|BroadcastGradientArgs|(Stop|Prevent)Gradient"
PIPELINES = r"\w*(Iterator|Queue|Reader|Dataset)\w*|ParseExample\w*"
LEFTOVERS = r"\w*Summary(V2)?|Assert|Print(V2)?|CheckNumerics(V2)?|SaveV2|RestoreV2"
TRAINING = re.compile(f"({'|'.join((RANDOM, UPDATES, GRADIENTS, PIPELINES, LEFTOVERS))})$")

# What a node may become under its own name.
REPLACED = {"Identity", "IdentityN", "Const", "Placeholder", "PartitionedCall", "StatefulPartitionedCall", "GatherV2"}


def verify(folder):
    """Returns what is wrong with the row's frozen graphs, or None."""
    record = json.loads((folder / "training.json").read_text())
    with open(folder / "numbers.pickle", "rb") as file:
        numbers = pickle.load(file)
    for form in record["forms"]:
        graph_def = read_graph(folder / f"{form}.pb")
        report = json.loads((folder / f"{form}.json").read_text())
        fault = (
            _training_fault(graph_def)
            or (form == "frozen" and _name_fault(graph_def, _training_ops(folder, record["form"])))
            or _numbers_fault(graph_def, report, record, numbers)
        )
        if fault:
            return f"{form}: {fault}"
    return None


def _nodes(graph_def):
    yield from graph_def.node
    for function in graph_def.library.function:
        yield from function.node_def


def _training_fault(graph_def):
    """No random op, no training op, no pipeline is left, and nothing normalises with the statistics of the batch."""
    left = [
        f"{node.op} {node.name}"
        for node in _nodes(graph_def)
        if TRAINING.match(node.op) or (node.op.startswith("FusedBatchNorm") and node.attr["is_training"].b)
    ]
    return f"{len(left)} of training are left: {', '.join(left[:4])}" if left else None


def _training_ops(folder, form):
    """The ops of the training graph's own nodes, by name."""
    if form == "saved":
        saved = _message(saved_model_pb2.SavedModel, folder / "saved" / "saved_model.pb")
        graph_def = saved.meta_graphs[0].graph_def
    elif form == "meta":
        graph_def = _message(tf1.MetaGraphDef, folder / "model.meta").graph_def
    elif form == "pbtxt":
        graph_def = text_format.Parse((folder / "graph.pbtxt").read_text(), tf1.GraphDef())
    else:
        graph_def = read_graph(folder / "graph.pb")
    return {node.name: node.op for node in graph_def.node}


def _message(kind, path):
    return kind.FromString(path.read_bytes())


def _name_fault(graph_def, ops):
    """A node is what it was, or an Identity, a constant…; a new one is an input, or lies below an old one."""
    for node in graph_def.node:
        before = ops.get(node.name)
        if before is None:
            parts = node.name.split("/")
            above = ("/".join(parts[:size]) for size in range(1, len(parts)))
            if node.op != "Placeholder" and not any(each in ops for each in above):
                return f"{node.op} {node.name} is in no training graph"
        elif before != node.op and node.op not in REPLACED and not node.op.startswith(before.rstrip("V23")):
            return f"{node.name} was {before} and is {node.op}"
    return None


def _numbers_fault(graph_def, report, record, numbers):
    feeds, fetches = numbers["feeds"], {name: name for name in numbers["fetches"]}
    if record["form"] == "saved":
        tensors = {
            (kind, each["name"]): each["tensor"]
            for kind in ("inputs", "outputs")
            for each in report["signature"][kind]
        }
        feeds = {tensors["inputs", name]: value for name, value in feeds.items()}
        fetches = {name: tensors["outputs", name] for name in fetches}
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
        spare = {op.outputs[0].name for op in graph.get_operations() if op.type == "Placeholder"} - set(feeds)
        if spare:
            return f"more must be fed: {', '.join(sorted(spare))}"
        with tf1.Session(config=session_config()) as session:
            results = session.run(fetches, feeds)
    for name, want in numbers["fetches"].items():
        got = results[name]
        if want.dtype != got.dtype or want.shape != got.shape:
            return f"{name}: expected {want.dtype}{want.shape} but got {got.dtype}{got.shape}"
        if not np.allclose(got, want, rtol=record["rtol"], atol=record["atol"]):
            worst = np.max(np.abs(got - want))
            return f"{name}: expected {want.ravel()[:4]} but got {got.ravel()[:4]}, off by {worst}"
    return None


def main(directory, *names):
    """Verifies the named rows."""
    verify_each(verify, directory, names)


if __name__ == "__main__":
    main(*sys.argv[1:])
