"""TensorFlow, set up so that two runs of one graph give the same bits."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

# The variables above are read when TensorFlow is imported, so the imports come after them.
# pylint: disable=wrong-import-position
import numpy as np
import tensorflow as tf

from session import session_config

tf1 = tf.compat.v1
tf1.disable_eager_execution()
tf1.disable_control_flow_v2()
tf1.logging.set_verbosity(tf1.logging.ERROR)


def read_graph(path):
    """Parses a binary GraphDef file."""
    graph_def = tf1.GraphDef()
    with open(path, "rb") as file:
        graph_def.ParseFromString(file.read())
    return graph_def


def run_frozen(path, case):
    """Loads a frozen graph and fetches what the live session was asked for.

    Importing already checks much: ops, attributes, input types, functions.
    """
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(read_graph(path), name="")
        for name in case["outputs"]:
            graph.get_operation_by_name(name)
        if not case["run"]:
            return {}
        with tf1.Session(config=session_config(case["cpus"])) as session:
            if case["initializers"]:
                session.run(case["initializers"])
            feeds = _feeds(graph, case["numbers"]["feeds"])
            session.run([name for name in case["outputs"] if not _is_fetched(name, case)], feeds)
            fetches = list(case["numbers"]["fetches"])
            return dict(zip(fetches, session.run(fetches, feeds)))


def _feeds(graph, feeds):
    """The feeds whose placeholders are still there: not every output needs every input."""
    nodes = {operation.name for operation in graph.get_operations()}
    return {name: value for name, value in feeds.items() if name.split(":")[0] in nodes}


def _is_fetched(name, case):
    return any(fetch.startswith(name + ":") for fetch in case["numbers"]["fetches"])
