"""Holds the frozen SavedModels of cases against the live numbers. Their signatures are made of placeholders and outputs.

    python verify_saved_cases.py <directory> <case>...

Prints one JSON object: case name to what is wrong with its SavedModel, or null.
"""

import json
import pickle
import sys

from differences import difference
from outcomes import verify_each
from saved_models import run_eagerly, run_in_a_session


def verify(folder):
    """Returns what is wrong with folder/frozen_model, or None."""
    case = json.loads((folder / "case.json").read_text())
    with open(folder / "numbers.pickle", "rb") as file:
        numbers = pickle.load(file)
    feeds = {name.split(":")[0]: value for name, value in numbers["feeds"].items()}
    for run in (run_in_a_session, run_eagerly):
        results = run(str(folder / "frozen_model"), ["serve"], "serving_default", feeds)
        by_tensor = {name if ":" in name else f"{name}:0": value for name, value in results.items()}
        if fault := difference(numbers["fetches"], by_tensor, case["rtol"]):
            return f"{run.__name__}: {fault}"
    return None


def main(directory, *names):
    """Verifies the named cases."""
    verify_each(verify, directory, names)


if __name__ == "__main__":
    main(*sys.argv[1:])
