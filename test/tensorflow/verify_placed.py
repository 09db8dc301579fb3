"""Holds our placed graphs against the live numbers, and against what may be where.

    python verify_placed.py <directory> <case or model>...

`placed_ops.pb` and `placed_names.pb` run on two CPUs, each node where it was put. `placed_gpu.pb` and
`placed_npu.pb` run wherever TensorFlow likes, and every node must have a kernel where it was put. Prints one JSON object:
name to what is wrong, or null.
"""

import json
import pickle
import re
import sys

from differences import difference
from kernels_in_tables import has_kernel, heavy_ops, is_bound, uses_host
from outcomes import verify_each
from runtime import read_graph, session_config, tf, tf1

STRICT = ["ops", "names"]
# Where nodes are wanted.
FIRSTS = {"gpu": "/device:GPU:0", "npu": "/device:NPU:0"}
# There are many, and small ones; `placed.mjs` has the same.
OF_CASES = [*STRICT, "npu"]


def verify(folder):
    """Returns what is wrong with the placed graphs in a folder, or None."""
    with open(folder / "numbers.pickle", "rb") as file:
        numbers = pickle.load(file)
    for way in OF_CASES if (folder / "case.json").exists() else [*STRICT, *FIRSTS]:
        file = folder / f"placed_{way}.pb"
        # Rules by names may contradict each other; then there is no file.
        if way == "names" and not file.exists():
            continue
        graph_def = read_graph(file)
        fault = unplaced(folder, way, graph_def) or misplaced(graph_def) or _run(folder, way, graph_def, numbers)
        if fault:
            return f"{way}: {fault}"
    return None


def unplaced(folder, way, graph_def):
    """The first node that is not where it was wanted, though it could be."""
    bodies = [graph_def.node, *(function.node_def for function in graph_def.library.function)]
    entangled = set().union(*map(_entangled, bodies))
    # An op that no target knows leaves open what is bound to it.
    opens = any(not has_kernel("cpu", node) for nodes in bodies for node in nodes)
    fault_of = _astray_of_two_cpus(folder, way, entangled) if way in STRICT else _astray_of_first(way, bodies, entangled)
    for node in (node for nodes in bodies for node in nodes):
        if not node.device and not opens:
            return f"{node.name} ({node.op}) has no device"
        fault = has_kernel("cpu", node) and fault_of(node)
        if fault:
            return f"{node.name} ({node.op}) is on {node.device!r}, and {fault}"
    return None


def _entangled(nodes):
    """Names of nodes that others may draw away: what is bound, and loops, which are kept whole."""
    if any(node.op in ("Enter", "RefEnter") for node in nodes):
        return {node.name for node in nodes}
    names = set()
    for node in nodes:
        data = [each for each in node.input if not each.startswith("^")]
        others = _colocated(node) + [text.split(":")[0] for index, text in enumerate(data) if is_bound(node, index)]
        names.update([node.name, *others] if others else [])
    return names


def _astray_of_two_cpus(folder, way, entangled):
    """Each node is where the first rule that fits it says, and else on the first CPU: both have all kernels."""
    rules = json.loads((folder.parents[1] / f"placed-{way}.json").read_text())

    def fault_of(node):
        device = next((rule["device"] for rule in rules if _fits(rule, node)), None)
        if device is not None:
            wanted = tf.DeviceSpec.from_string(device if device.startswith("/") else f"/{device}").to_string()
            return node.device != wanted and f"rules ask for {wanted}"
        wanted = "/device:CPU:0"
        return node.name not in entangled and node.device != wanted and f"nothing keeps it from {wanted}"

    return fault_of


def _fits(rule, node):
    return (
        node.op in rule.get("op", [node.op])
        and node.name.startswith(f"{rule['scope']}/" if "scope" in rule else "")
        and re.search(rule.get("regex", ""), node.name) is not None
    )


def _astray_of_first(way, bodies, entangled):
    """What is worth a crossing is on the first device; where nothing leaves it, all is."""
    first = FIRSTS[way]
    target = tf.DeviceSpec.from_string(first).device_type.lower()
    stays = all(has_kernel(target, node) and not uses_host(target, node) for nodes in bodies for node in nodes)

    def fault_of(node):
        if node.device == first or not has_kernel(target, node):
            return None
        if stays:
            return f"no node has a reason to leave {first}"
        is_heavy = node.op in heavy_ops() and node.name not in entangled
        return f"it is worth a crossing to {first}" if is_heavy else None

    return fault_of


def misplaced(graph_def):
    """The first node that is on a device of no form, without a kernel there, or away from what it is bound to."""
    functions = graph_def.library.function
    bodies = [graph_def.node, *(function.node_def for function in functions)]
    # A call of a function by its name runs wherever it is put.
    called = {function.signature.name for function in functions}
    for nodes in bodies:
        by_name = {node.name: node for node in nodes}
        for node in nodes:
            spec = tf.DeviceSpec.from_string(node.device)
            if node.device != spec.to_string():
                return f"{node.name} is on {node.device!r}, which TensorFlow writes {spec.to_string()!r}"
            if node.device and node.op not in called and not has_kernel(spec.device_type.lower(), node):
                return f"{node.name} ({node.op}) has no kernel on {node.device}"
            for other in _bound(node, by_name):
                if other.device != node.device:
                    return f"{node.name} is on {node.device!r}, {other.name} on {other.device!r}"
    return None


def _colocated(node):
    """Names that a node's colocations name."""
    groups = node.attr["_class"].list.s if "_class" in node.attr else []
    return [each.decode().removeprefix("loc:@") for each in groups]


def _bound(node, by_name):
    """The nodes that a node must be with."""
    names = _colocated(node)
    data = [each for each in node.input if not each.startswith("^")]
    names += [text.split(":")[0] for index, text in enumerate(data) if is_bound(node, index)]
    return [by_name[name] for name in names if name in by_name]


def _run(folder, way, graph_def, numbers):
    config = session_config(cpus=2)
    config.allow_soft_placement = way in FIRSTS
    feed_of, fetch_of, initializers, rtol = _interface(folder, way)
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
        nodes = {operation.name for operation in graph.get_operations()}
        feeds = {feed_of(name): value for name, value in numbers["feeds"].items()}
        feeds = {name: value for name, value in feeds.items() if name.split(":")[0] in nodes}
        fetches = {name: fetch_of(name) for name in numbers["fetches"]}
        with tf1.Session(config=config) as session:
            for names, assets in initializers:
                session.run(names, assets)
            return difference(numbers["fetches"], session.run(fetches, feeds), rtol)


def _interface(folder, way):
    """From the names of the numbers to tensors; what to run first; and how exact it is."""
    if (folder / "case.json").exists():
        case = json.loads((folder / "case.json").read_text())
        return str, str, [], case["rtol"]
    report = json.loads((folder / f"placed_{way}.json").read_text())
    signature = report["signature"]
    feeds, fetches = ({each["name"]: each["tensor"] for each in signature[kind]} for kind in ("inputs", "outputs"))
    assets = {each["tensor"]: str(folder / each["file"]) for each in report["assets"]}
    tables = report["tableInitializers"]
    rtol = json.loads((folder / "model.json").read_text())["rtol"]
    return feeds.__getitem__, fetches.__getitem__, [(tables, assets)] if tables else [], rtol


def main(directory, *names):
    """Verifies the named cases or models."""
    verify_each(verify, directory, names)


if __name__ == "__main__":
    main(*sys.argv[1:])
