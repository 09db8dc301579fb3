"""Loads our frozen SavedModels in every way in which TensorFlow does, and holds them against the session's numbers.

    python verify_saved_models.py <directory> <model>...

Prints one JSON object: model name to what is wrong with each of its folders, or null.
"""

import ctypes
import json
import pathlib
import pickle
import sys

from differences import difference

# Sets what must be set before TensorFlow is imported.
from model import tf

# pylint: disable=wrong-import-order
from tensorflow.core.protobuf import saved_model_pb2
from tool import one_line

tf1 = tf.compat.v1
tf1.logging.set_verbosity(tf1.logging.ERROR)

FOLDERS = ("kept_model", "inlined_model")


def verify(folder):
    """Returns what is wrong with the model's frozen SavedModels, or None."""
    record = json.loads((folder / "model.json").read_text())
    with open(folder / "numbers.pickle", "rb") as file:
        numbers = pickle.load(file)
    checks = (_form, _in_eager_mode, _in_a_session, _by_the_c_interface)
    faults = [
        f"{name}, {check.__name__.strip('_')}: {fault}"
        for name in FOLDERS
        for check in checks
        if (fault := _fault_of(check, str(folder / name), record, numbers))
    ]
    return "; ".join(faults) or None


def _fault_of(check, *arguments):
    # What cannot be loaded fails its own model only.
    try:
        return check(*arguments)
    except Exception as error:  # pylint: disable=broad-except
        return one_line(error)


def _form(folder, *_):
    """Whether the bytes are those that TensorFlow would write."""
    encoded = (pathlib.Path(folder) / "saved_model.pb").read_bytes()
    message = saved_model_pb2.SavedModel.FromString(encoded)
    return None if message.SerializeToString(deterministic=True) == encoded else "not in the canonical form"


def _in_eager_mode(folder, record, numbers):
    signature = tf.saved_model.load(folder, record["tags"]).signatures[record["signature"]]
    types = signature.structured_input_signature[1]
    feeds = {name: tf.constant(value, types[name].dtype) for name, value in numbers["feeds"].items()}
    results = signature(**feeds)
    return difference(numbers["fetches"], {name: each.numpy() for name, each in results.items()}, record["rtol"])


def _in_a_session(folder, record, numbers):
    config = tf1.ConfigProto()
    config.graph_options.optimizer_options.opt_level = tf1.OptimizerOptions.L0
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    with tf.Graph().as_default(), tf1.Session(config=config) as session:
        loaded = tf1.saved_model.load(session, record["tags"], folder)
        signature = loaded.signature_def[record["signature"]]
        feeds = {signature.inputs[name].name: value for name, value in numbers["feeds"].items()}
        fetches = {name: info.name for name, info in signature.outputs.items()}
        return difference(numbers["fetches"], session.run(fetches, feeds), record["rtol"])


def _by_the_c_interface(folder, record, _):
    """What servers load with; loading runs what fills the tables."""
    library = ctypes.CDLL(str(pathlib.Path(tf.__file__).parent / "libtensorflow_cc.so.2"))
    functions = ("TF_NewStatus", "TF_NewGraph", "TF_NewSessionOptions", "TF_LoadSessionFromSavedModel", "TF_Message")
    for name in functions:
        getattr(library, name).restype = ctypes.c_void_p
    library.TF_Message.restype = ctypes.c_char_p
    status, graph, options = map(
        ctypes.c_void_p, (library.TF_NewStatus(), library.TF_NewGraph(), library.TF_NewSessionOptions())
    )
    tags = (ctypes.c_char_p * len(record["tags"]))(*(tag.encode() for tag in record["tags"]))
    session = ctypes.c_void_p(
        library.TF_LoadSessionFromSavedModel(
            options, None, folder.encode(), tags, len(tags), graph, None, status
        )
    )
    message = library.TF_Message(status).decode() if library.TF_GetCode(status) else None
    if session:
        library.TF_DeleteSession(session, status)
    library.TF_DeleteSessionOptions(options)
    library.TF_DeleteGraph(graph)
    library.TF_DeleteStatus(status)
    return message


def main(directory, *names):
    """Verifies the named models."""
    print(json.dumps({name: verify(pathlib.Path(directory) / name) for name in names}))


if __name__ == "__main__":
    main(*sys.argv[1:])
