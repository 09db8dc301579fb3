"""Makes the files of every training graph: graph, checkpoint, and the numbers of the inference graph made by hand.

    python generate_training.py <directory> [part of a row's name]

A folder holds training.json (how to freeze it, what to compare), and numbers.pickle.
"""

import contextlib
import importlib
import io
import json
import pathlib
import shutil
import sys

from training_build import build_training
from training_model import TRAINING, tf1

tf1.logging.set_verbosity(tf1.logging.ERROR)


def main(directory, wanted=""):
    """Builds all training graphs whose row has `wanted` in its name."""
    root = pathlib.Path(directory).resolve()
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for file in sorted(pathlib.Path(__file__).parent.glob("training_*.py")):
        importlib.import_module(file.stem)
    for name, spec in TRAINING.items():
        row = f"training: {name.replace('_', ' ')}"
        if wanted not in row and wanted not in name:
            continue
        folder = root / name
        folder.mkdir()
        try:
            with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
                record = build_training(spec)
        # Whatever goes wrong in a row belongs in the table, as a failure of that row.
        except Exception as error:  # pylint: disable=broad-except
            record = {"problem": f"cannot be built: {type(error).__name__}: {error}"}
        (folder / "training.json").write_text(json.dumps({"name": name, "row": row, **record}, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
