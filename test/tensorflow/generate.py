"""Makes the files of every case: graph, checkpoint, live numbers, TensorFlow's frozen graph.

    python generate.py <directory> [part of a case's name]

A case's directory holds case.json (how to freeze it, what to compare), and numbers.pickle.
"""

import importlib
import json
import pathlib
import shutil
import sys

from build import build_case
from case import CASES


def load_cases():
    """Imports every file of cases; importing registers them."""
    for file in sorted(pathlib.Path(__file__).parent.glob("cases_*.py")):
        importlib.import_module(file.stem)


def main(directory, wanted=""):
    """Builds all cases whose name has `wanted` in it."""
    root = pathlib.Path(directory).resolve()
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    load_cases()
    for name, spec in CASES.items():
        if wanted not in name:
            continue
        folder = root / name
        folder.mkdir(parents=True)
        try:
            record = build_case(spec, folder)
        # Whatever goes wrong in a case belongs in the table, as a failure of that case.
        except Exception as error:  # pylint: disable=broad-except
            record = {"problem": f"cannot be built: {type(error).__name__}: {error}"}
        record = {"name": name, **record}
        (folder / "case.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
