"""Holds our models in layouts with mapped weights against the session's numbers.

    python verify_layouts.py <directory> <run_packages> <model>...

Of each model, `mapped` and `mapped_inlined` are folders of the layout `mmap`, and `packed` is a package of the layout
`memmapped`. Prints one JSON object: model name to what is wrong, or null.
"""

import json
import pathlib
import pickle
import subprocess
import sys

from differences import difference
from outcomes import one_line
from packages import parse_package
from runtime import read_graph, session_config, tf, tf1
from tensorflow.core.framework import tensor_pb2
from tensorflow.core.protobuf import named_tensor_pb2


class Model:
    """One model: its numbers, and the names of its tensors in a frozen graph."""

    def __init__(self, folder):
        self.folder = folder
        record = json.loads((folder / "model.json").read_text())
        self.rtol = record["rtol"]
        with open(folder / "numbers.pickle", "rb") as file:
            self.numbers = pickle.load(file)

    def named(self, report_file):
        """What to feed, by tensor, and what to fetch, by its name in the signature."""
        signature = json.loads((self.folder / report_file).read_text())["signature"]
        inputs = {each["name"]: each["tensor"] for each in signature["inputs"] if each["kept"]}
        outputs = {each["name"]: each["tensor"] for each in signature["outputs"]}
        feeds = {inputs[name]: value for name, value in self.numbers["feeds"].items() if name in inputs}
        return feeds, {name: outputs[name] for name in self.numbers["fetches"]}

    def fault_of(self, results, rtol=None):
        """What is wrong with results by their names in the signature."""
        return difference(self.numbers["fetches"], results, self.rtol if rtol is None else rtol)


def mapped_fault(model, name):
    """Runs a folder as it is and with all of TensorFlow's optimisers."""
    graph = read_graph(model.folder / name / "graph.pb")
    if not any(node.op == "ImmutableConst" for node in graph.node):
        return f"{name}: no constant is mapped"
    feeds, fetches = model.named(f"{name}.json")
    for config, rtol in ((session_config(), None), (tf1.ConfigProto(), 1e-4)):
        with tf.Graph().as_default(), tf1.Session(config=config) as session:
            tf.import_graph_def(graph, name="")
            # The second run must find the weights as they were.
            for _ in range(2):
                fault = model.fault_of(session.run(fetches, feeds), rtol)
                if fault:
                    return f"{name}: {fault}"
    return None


def write_request(model):
    """What run_packages is to feed and to fetch."""
    feeds, fetches = model.named("packed.json")
    for index, (name, value) in enumerate(feeds.items()):
        message = named_tensor_pb2.NamedTensorProto(name=name, tensor=tf.make_tensor_proto(value))
        (model.folder / f"feed-{index}.pb").write_bytes(message.SerializeToString())
    (model.folder / "fetches.txt").write_text("".join(f"{tensor}\n" for tensor in fetches.values()))


def packed_fault(model):
    """What run_packages has got from the package."""
    _, fetches = model.named("packed.json")
    results = {}
    for index, name in enumerate(fetches):
        message = tensor_pb2.TensorProto.FromString((model.folder / f"result-{index}.pb").read_bytes())
        results[name] = tf.make_ndarray(message)
    fault = model.fault_of(results)
    return fault and f"packed: {fault}"


def writer_fault(model):
    """Whether TensorFlow's own writer makes the same package of the frozen graph, but for what we copy."""
    ours, theirs = (parse_package((model.folder / name).read_bytes()) for name in ("packed", "packed-by-tensorflow"))
    if ours.elements != theirs.elements:
        return "packed: other regions than TensorFlow's writer makes"
    if ours.regions[:-1] != theirs.regions[:-1] or ours.regions[-1][:2] != theirs.regions[-1][:2]:
        return f"packed: the directory is {ours.regions}, TensorFlow's {theirs.regions}"
    constants = [
        {node.name: node for node in package.graph.node if node.op in ("Const", "ImmutableConst")}
        for package in (ours, theirs)
    ]
    return None if constants[0] == constants[1] else "packed: other constants than TensorFlow's"


def main(directory, program, *names):
    """Verifies the named models."""
    models = {name: Model(pathlib.Path(directory) / name) for name in names}
    for model in models.values():
        write_request(model)
    folders = [str(model.folder) for model in models.values()]
    for verb in ("run", "pack"):
        subprocess.run([program, verb, *folders], check=True, stdout=sys.stderr)
    results = {}
    for name, model in models.items():
        try:
            faults = [mapped_fault(model, "mapped"), mapped_fault(model, "mapped_inlined")]
            faults += [packed_fault(model), writer_fault(model)]
            results[name] = "; ".join(filter(None, faults)) or None
        # A file that cannot be loaded fails its own model only.
        except Exception as error:  # pylint: disable=broad-except
            results[name] = one_line(error)
    print(json.dumps(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
