"""The numbers of the model that is past every limit of 2 GiB.

    python large.py live   <folder>                        makes the model, 3 GB; saves and runs it
    python large.py mmap   <graph.pb> <folder>             runs a graph with mapped weights and compares
    python large.py packed <folder>                        compares what run_packages has written to <folder>
    python large.py tfjs   <model folder> <folder>         compares the files of weights with the checkpoint

Prints one line: that all is the same, and what memory the session takes after a run; or ends with what is wrong.
"""

import json
import pathlib
import sys

from runtime import np, read_graph, session_config, tf, tf1
from tensorflow.core.framework import tensor_pb2
from tensorflow.core.protobuf import named_tensor_pb2

# The first row, the last, and two whose elements begin before and behind 2^31 bytes.
IDS = np.array([0, 549_999, 536_870, 536_871], np.int32)

# A ResourceGather takes rows, and the GatherV2 of a frozen graph is told so.
ADDED = {"Gather/axis": np.zeros((), np.int32)}


def live(folder):
    """Writes graph, checkpoint and numbers, and what run_packages is to feed and to fetch."""
    folder = pathlib.Path(folder)
    with tf.Graph().as_default() as graph, tf1.Session(config=session_config()) as session:
        ids = tf1.placeholder(tf.int32, IDS.shape, name="ids")
        looked_up = tf.gather(variable("table", 550_000, 1000), ids)
        wide = tf.matmul(looked_up, variable("up", 1000, 100_000))
        narrow = tf.matmul(wide, variable("down", 100_000, 1000))
        output = tf.nn.bias_add(narrow, variable("bias", 1000), name="output")
        for each in tf1.global_variables():
            session.run(each.initializer)
        saver = tf1.train.Saver()
        saver.save(session, str(folder / "model.ckpt"), write_meta_graph=False, write_state=False)
        tf.io.write_graph(graph.as_graph_def(), str(folder), "graph.pb", as_text=False)
        np.save(folder / "numbers.npy", session.run(output, {ids: IDS}))
        print(f"{own_memory()} MB of memory, and these are the numbers")
    request = named_tensor_pb2.NamedTensorProto(name="ids:0", tensor=tf.make_tensor_proto(IDS))
    (folder / "feed-0.pb").write_bytes(request.SerializeToString())
    (folder / "fetches.txt").write_text("output:0\n")


def variable(name, *shape):
    """Random numbers, the same in every run."""
    chance = tf1.random_uniform_initializer(-1, 1, seed=len(name))
    return tf1.get_variable(name, shape, initializer=chance, use_resource=True)


def mmap(graph, folder):
    """Runs a frozen graph."""
    with tf.Graph().as_default(), tf1.Session(config=session_config()) as session:
        tf.import_graph_def(read_graph(graph), name="")
        compare(session.run("output:0", {"ids:0": IDS}), folder)
        print(f"{own_memory()} MB of memory, same numbers")


def packed(folder):
    """Reads what another program has computed."""
    message = tensor_pb2.TensorProto.FromString((pathlib.Path(folder) / "result-0.pb").read_bytes())
    compare(tf.make_ndarray(message), folder)
    print("same numbers")


def tfjs(model, folder):
    """Compares bytes: no JavaScript engine holds so many in one buffer, as the loader wants them."""
    model, folder = pathlib.Path(model), pathlib.Path(folder)
    (group,) = json.loads((model / "model.json").read_text())["weightsManifest"]
    checkpoint = tf.train.load_checkpoint(str(folder / "model.ckpt"))
    weights = {each["name"]: each for each in group["weights"]}
    variables = checkpoint.get_variable_to_shape_map()
    expected = sorted([*variables, *ADDED])
    if sorted(weights) != expected:
        sys.exit(f"expected weights for {expected} but found {sorted(weights)}")
    stored = Shards([model / name for name in group["paths"]])
    for name, spec in weights.items():
        tensor = checkpoint.get_tensor(name) if name in variables else ADDED[name]
        if spec != {"name": name, "shape": list(tensor.shape), "dtype": tensor.dtype.name}:
            sys.exit(f"{name} is {tensor.dtype} {tensor.shape}, and the manifest says {spec}")
        stored.expect(name, memoryview(tensor.reshape(-1)).cast("B"))
    if stored.rest or stored.paths:
        sys.exit("there are bytes behind the last weight")
    print(f"{len(group['paths'])} files, {stored.bytes} bytes, the same as in the checkpoint")


class Shards:
    """Files as one stream, one of them in memory at a time."""

    def __init__(self, paths):
        self.paths, self.rest, self.bytes = paths, memoryview(b""), 0

    def expect(self, name, expected):
        """Ends the process where the next bytes are others."""
        position = 0
        while position < len(expected):
            if not self.rest:
                if not self.paths:
                    sys.exit(f"the files end {len(expected) - position} bytes before the end of {name}")
                self.rest = memoryview(self.paths.pop(0).read_bytes())
            size = min(len(self.rest), len(expected) - position)
            if self.rest[:size] != expected[position : position + size]:
                sys.exit(f"{name} differs within {size} bytes after the first {position}")
            self.rest, position, self.bytes = self.rest[size:], position + size, self.bytes + size


def compare(numbers, folder):
    """Ends the process where the numbers are not those of the live session, bit for bit."""
    expected = np.load(pathlib.Path(folder) / "numbers.npy")
    if expected.shape != (4, 1000) or len({row.tobytes() for row in expected}) != 4:
        sys.exit("the live session's numbers are not four different rows")
    if expected.tobytes() != numbers.tobytes():
        sys.exit(f"expected {expected.ravel()[:4]} but got {numbers.ravel()[:4]}")


def own_memory():
    """Megabytes that the process has now, without what is mapped from files."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1000 for line in lines if line.startswith("RssAnon"))


if __name__ == "__main__":
    {"live": live, "mmap": mmap, "packed": packed, "tfjs": tfjs}[sys.argv[1]](*sys.argv[2:])
