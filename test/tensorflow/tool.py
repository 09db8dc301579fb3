"""Runs TensorFlow's own freeze_graph, as its command line does."""

import contextlib
import io
import sys

import tensorflow as tf
from tensorflow.python.tools import freeze_graph

from outcomes import one_line


def freeze(arguments):
    """Writes expected.pb; returns the error as one line, or None."""
    sys.argv = ["freeze_graph", *arguments, "--output_graph=expected.pb"]
    try:
        # The tool imports into the default graph, and a second run would find the first there.
        with tf.Graph().as_default(), contextlib.redirect_stdout(io.StringIO()):
            freeze_graph.run_main()
    except SystemExit as stop:
        return f"exit code {stop.code}" if stop.code else None
    # TensorFlow fails with many kinds of errors, assertions and index errors among them.
    except Exception as error:  # pylint: disable=broad-except
        return one_line(error)
    return None
