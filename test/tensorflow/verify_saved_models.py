"""Loads the frozen SavedModels of models in every way that TensorFlow has, and holds them against the session's numbers.

    python verify_saved_models.py <directory> <model>...

Prints one JSON object: model name to what is wrong with its folders, or null.
"""

import json
import pathlib
import pickle
import sys

from differences import difference
from outcomes import one_line
from saved_models import fault_of_loading_in_c, run_eagerly, run_in_a_session

# pylint: disable=wrong-import-order
from tensorflow.core.protobuf import saved_model_pb2

FOLDERS = ("kept_model", "inlined_model")


def verify(folder):
    """Returns what is wrong with the model's frozen SavedModels, or None."""
    record = json.loads((folder / "model.json").read_text())
    with open(folder / "numbers.pickle", "rb") as file:
        numbers = pickle.load(file)
    faults = [f"{name}: {fault}" for name in FOLDERS if (fault := _fault_of(str(folder / name), record, numbers))]
    return "; ".join(faults) or None


def _fault_of(folder, record, numbers):
    # What cannot be loaded fails its own model only.
    try:
        fault = _fault_of_form(folder, record, numbers) or fault_of_loading_in_c(folder, record["tags"])
        for run in (run_eagerly, run_in_a_session):
            results = run(folder, record["tags"], record["signature"], numbers["feeds"])
            fault = fault or difference(numbers["fetches"], results, record["rtol"])
        return fault
    except Exception as error:  # pylint: disable=broad-except
        return one_line(error)


def _fault_of_form(folder, record, numbers):
    """The bytes must be those that TensorFlow would write, and the signature must take what it took."""
    encoded = (pathlib.Path(folder) / "saved_model.pb").read_bytes()
    message = saved_model_pb2.SavedModel.FromString(encoded)
    if message.SerializeToString(deterministic=True) != encoded:
        return "other bytes than TensorFlow would write"
    inputs = set(message.meta_graphs[0].signature_def[record["signature"]].inputs)
    return None if inputs == set(numbers["feeds"]) else f"the signature takes {inputs}"


def main(directory, *names):
    """Verifies the named models."""
    print(json.dumps({name: verify(pathlib.Path(directory) / name) for name in names}))


if __name__ == "__main__":
    main(*sys.argv[1:])
