"""Holds our frozen SavedModels against the session's numbers, and against TensorFlow's own.

    python verify_models.py <directory> <model>...

Prints one JSON object: model name to what TensorFlow's tool makes of it, and what is wrong with ours.
"""

import json
import pathlib
import pickle
import sys

from differences import difference
from outcomes import one_line
from renamed import renamed
from runtime import read_graph, session_config, tf, tf1


def verify(folder):
    """Returns what TensorFlow makes of the model, and what is wrong with each of our files."""
    record = json.loads((folder / "model.json").read_text())
    with open(folder / "numbers.pickle", "rb") as file:
        numbers = pickle.load(file)
    faults = [
        f"{name}: {fault}"
        for name in ("kept", "inlined")
        if (fault := numbers_fault_of(folder, f"{name}.pb", f"{name}.json", numbers, record["rtol"]))
    ]
    faults += _left_over(folder, record["gone"])
    faults += _folding_faults(folder, record["folded"], numbers)
    error = record["error"] or numbers_fault_of(
        folder, "expected.pb", "kept.json", numbers, record["rtol"]
    )
    if record["fails"] is None and not error:
        same = renamed(read_graph(folder / "expected.pb")) == renamed(read_graph(folder / "parity.pb"))
        faults += [] if same else ["parity: other than TensorFlow's, function names aside"]
    elif record["fails"] is None:
        faults.append(f"TensorFlow was expected to freeze it but: {error}")
    elif not error:
        faults.append(f"TensorFlow was expected to fail with {record['fails']!r} but froze it")
    elif record["fails"] not in error:
        faults.append(f"TensorFlow was expected to fail with {record['fails']!r} but said: {error}")
    return {"tensorflow": error or "ok", "fault": "; ".join(faults) or None}


def numbers_fault_of(*arguments):
    """What is wrong with the numbers of a frozen graph, or None; as `_numbers_fault` takes it."""
    # A file that cannot be loaded fails its own model only.
    try:
        return _numbers_fault(*arguments)
    except Exception as error:  # pylint: disable=broad-except
        return one_line(error)


def _numbers_fault(folder, graph_file, report_file, numbers, rtol):
    return difference(numbers["fetches"], fetched(folder, graph_file, report_file, numbers), rtol)


def fetched(folder, graph_file, report_file, numbers):
    """Runs a frozen graph by the names of the signature, as the report gives them."""
    report = json.loads((folder / report_file).read_text())
    feeds, fetches = _by_tensor(report, numbers)
    with tf.Graph().as_default():
        tf.import_graph_def(read_graph(folder / graph_file), name="")
        with tf1.Session(config=session_config()) as session:
            if report["tableInitializers"] and graph_file != "expected.pb":
                # What TensorFlow's loader feeds for the files that came with the model.
                assets = {each["tensor"]: str(folder / each["file"]) for each in report["assets"]}
                session.run(report["tableInitializers"], assets)
            return session.run(fetches, feeds)


def _by_tensor(report, numbers):
    """What is fed and fetched."""
    tensors = {
        (kind, each["name"]): each["tensor"]
        for kind in ("inputs", "outputs")
        for each in report["signature"][kind]
    }
    kept = {each["tensor"] for each in report["signature"]["inputs"] if each["kept"]}
    feeds = {tensors["inputs", name]: value for name, value in numbers["feeds"].items()}
    feeds = {tensor: value for tensor, value in feeds.items() if tensor in kept}
    return feeds, {name: tensors["outputs", name] for name in numbers["fetches"]}


def _left_over(folder, gone):
    """Ops in the frozen graph that should be gone."""
    left = {node.op for node in read_graph(folder / "kept.pb").node} if gone else set()
    return [f"{op} is in the frozen graph" for op in gone if op in left]


def _folding_faults(folder, folded, numbers):
    """Ops that should be in the frozen graph and gone from what a session with its optimisers runs."""
    if not folded:
        return []
    graph_def = read_graph(folder / "inlined.pb")
    feeds, fetches = _by_tensor(json.loads((folder / "inlined.json").read_text()), numbers)
    metadata = tf1.RunMetadata()
    options = tf1.RunOptions(output_partition_graphs=True)
    with tf.Graph().as_default():
        tf.import_graph_def(graph_def, name="")
        with tf1.Session() as session:
            session.run(fetches, feeds, options=options, run_metadata=metadata)
    before = {node.op for node in graph_def.node}
    after = {node.op for partition in metadata.partition_graphs for node in partition.node}
    return [f"no {op} in the frozen graph" for op in folded if op not in before] + [
        f"TensorFlow does not fold {op}" for op in folded if op in after
    ]


def main(directory, *names):
    """Verifies the named models."""
    print(json.dumps({name: verify(pathlib.Path(directory) / name) for name in names}))


if __name__ == "__main__":
    main(*sys.argv[1:])
