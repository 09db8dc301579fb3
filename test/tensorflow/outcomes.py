"""How the scripts of the comparison tell what came of their cases."""

import json
import pathlib


def verify_each(verify, directory, names):
    """Prints as JSON what verify(folder) returns for each name: what is wrong, or null."""
    results = {}
    for name in names:
        try:
            results[name] = verify(pathlib.Path(directory) / name)
        # What cannot be loaded fails its own case only.
        except Exception as error:  # pylint: disable=broad-except
            results[name] = one_line(error)
    print(json.dumps(results))


def one_line(error):
    """What an exception says, for a table."""
    return " ".join(f"{type(error).__name__}: {error}".split())
