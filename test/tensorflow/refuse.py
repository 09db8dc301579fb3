"""Says of graphs in text how TensorFlow refuses them, on import or when `y` is run.

    python refuse.py <file>...

Prints one JSON object: file to "<message> (on import)", "<message> (on run)", or null for a graph that it takes.
"""

import json
import pathlib
import sys

from google.protobuf import text_format

from runtime import session_config, tf, tf1


def refusal(text):
    """What TensorFlow says against a graph, as one line; None if it runs it."""
    graph_def = text_format.Parse(text, tf1.GraphDef())
    with tf.Graph().as_default() as graph:
        # TensorFlow fails with many kinds of errors.
        try:
            tf.import_graph_def(graph_def, name="")
        except Exception as error:  # pylint: disable=broad-except
            return f"{_one_line(error)} (on import)"
        operation = graph.get_operation_by_name("y")
        with tf1.Session(config=session_config()) as session:
            try:
                session.run(operation.outputs or operation)
            except Exception as error:  # pylint: disable=broad-except
                return f"{_one_line(error)} (on run)"
    return None


def _one_line(error):
    return " ".join(str(error).split())


if __name__ == "__main__":
    print(json.dumps({path: refusal(pathlib.Path(path).read_text()) for path in sys.argv[1:]}))
