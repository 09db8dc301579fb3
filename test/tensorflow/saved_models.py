"""The ways in which TensorFlow loads a SavedModel and runs a signature of it."""

import ctypes
import pathlib

# Sets what must be set before TensorFlow is imported.
from model import tf

tf1 = tf.compat.v1
tf1.logging.set_verbosity(tf1.logging.ERROR)


def run_eagerly(folder, tags, name, feeds):
    """As TensorFlow 2 does. Of the feeds, those that are inputs of the signature."""
    try:
        return _run_eagerly(folder, tags, name, feeds, optimised=False)
    # SymbolicGradient has no kernel: it is for an optimiser to replace.
    except tf.errors.NotFoundError:
        return _run_eagerly(folder, tags, name, feeds, optimised=True)


def _run_eagerly(folder, tags, name, feeds, optimised):
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": not optimised})
    signature = tf.saved_model.load(folder, tags).signatures[name]
    inputs = signature.structured_input_signature[1]
    results = signature(**{key: tf.constant(feeds[key], spec.dtype) for key, spec in inputs.items()})
    return {key: tensor.numpy() for key, tensor in results.items()}


def run_in_a_session(folder, tags, name, feeds):
    """As TensorFlow 1 does, without optimisers of graphs."""
    config = tf1.ConfigProto(allow_soft_placement=True)
    config.graph_options.optimizer_options.opt_level = tf1.OptimizerOptions.L0
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    with tf.Graph().as_default(), tf1.Session(config=config) as session:
        signature = tf1.saved_model.load(session, tags, folder).signature_def[name]
        fetches = {key: info.name for key, info in signature.outputs.items()}
        return session.run(fetches, {info.name: feeds[key] for key, info in signature.inputs.items()})


def fault_of_loading_in_c(folder, tags):
    """Loads it as servers do, which fills the tables, and says what went wrong, or returns None."""
    library = _Library()
    status, graph, options = library.TF_NewStatus(), library.TF_NewGraph(), library.TF_NewSessionOptions()
    encoded = (ctypes.c_char_p * len(tags))(*(tag.encode() for tag in tags))
    session = library.TF_LoadSessionFromSavedModel(
        options, None, folder.encode(), encoded, len(tags), graph, None, status
    )
    fault = library.TF_Message(status).decode() if library.TF_GetCode(status) else None
    if session.value:
        library.TF_DeleteSession(session, status)
    library.TF_DeleteSessionOptions(options)
    library.TF_DeleteGraph(graph)
    library.TF_DeleteStatus(status)
    return fault


class _Pointer(ctypes.c_void_p):
    """Of its own class, as ctypes makes a number of any other, and cuts that when it is passed on."""


class _Library:
    """TensorFlow's C interface, which the wheel has inside of its C++ library."""

    results = {"TF_Message": ctypes.c_char_p, "TF_GetCode": ctypes.c_int}

    def __init__(self):
        self._loaded = ctypes.CDLL(str(pathlib.Path(tf.__file__).parent / "libtensorflow_cc.so.2"))

    def __getattr__(self, name):
        function = getattr(self._loaded, name)
        function.restype = self.results.get(name, None if name.startswith("TF_Delete") else _Pointer)
        return function
