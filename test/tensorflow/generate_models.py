"""Makes the files of every model: the SavedModel, its numbers, TensorFlow's frozen graph.

    python generate_models.py <directory> [part of a model's name]
"""

import contextlib
import importlib
import io
import json
import pathlib
import pickle
import shutil
import sys

from model import MODELS, Built, np, tf

from session import session_config
from tensor_json import tensors_json
from tool import freeze

tf1 = tf.compat.v1
tf1.logging.set_verbosity(tf1.logging.ERROR)


def build(spec, folder):
    """Makes all files in `folder` and returns the model's record."""
    built = spec.build()
    with contextlib.redirect_stdout(io.StringIO()):
        built.save("saved")
    numbers, outputs = _run(built)
    with open("numbers.pickle", "wb") as file:
        pickle.dump(numbers, file)
    with open("numbers.json", "w", encoding="utf8") as file:
        json.dump({kind: tensors_json(tensors) for kind, tensors in numbers.items()}, file)
    flags = ["--input_saved_model_dir=saved", f"--output_node_names={','.join(outputs)}"]
    if built.tags != Built.tags:
        flags.append(f"--saved_model_tags={','.join(built.tags)}")
    error = freeze(flags)
    return {
        "tags": list(built.tags),
        "signature": built.signature,
        "flags": flags,
        "ownFlags": _own_flags(built),
        "outputs": outputs,
        "rtol": spec.rtol,
        "fails": spec.fails,
        "folded": built.folded,
        "gone": built.gone,
        "tfjsLacks": spec.tfjs_lacks,
        "tfjsRtol": spec.tfjs_rtol,
        "error": error,
    }


def _own_flags(built):
    """What `permafrost freeze` must be told."""
    tags = [] if built.tags == Built.tags else [f"--tags={','.join(built.tags)}"]
    signature = [] if built.signature == Built.signature else [f"--signature={built.signature}"]
    return [*tags, *signature, *built.own_flags]


def _run(built):
    """Runs the signature in a session, and names what was fed and fetched as the signature does."""
    with tf.Graph().as_default(), tf1.Session(config=session_config()) as session:
        signature = tf1.saved_model.load(session, built.tags, built.live).signature_def[built.signature]
        names = sorted(signature.inputs)
        feeds = built.feeds or dict(zip(names, map(np.asarray, built.values)))
        fetches = {name: info.name for name, info in signature.outputs.items()}
        by_tensor = {signature.inputs[name].name: value for name, value in feeds.items()}
        results = session.run(fetches, by_tensor)
    outputs = sorted({tensor.split(":")[0] for tensor in fetches.values()})
    return {"feeds": feeds, "fetches": results}, outputs


def main(directory, wanted=""):
    """Builds all models whose name has `wanted` in it."""
    root = pathlib.Path(directory).resolve()
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for file in sorted(pathlib.Path(__file__).parent.glob("models_*.py")):
        importlib.import_module(file.stem)
    for name, spec in MODELS.items():
        if wanted not in name:
            continue
        folder = root / name
        folder.mkdir()
        try:
            with contextlib.chdir(folder):
                record = build(spec, folder)
        # Whatever goes wrong in a model belongs in the table, as a failure of that model.
        except Exception as error:  # pylint: disable=broad-except
            record = {"problem": f"cannot be built: {type(error).__name__}: {error}"}
        (folder / "model.json").write_text(json.dumps({"name": name, **record}, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
