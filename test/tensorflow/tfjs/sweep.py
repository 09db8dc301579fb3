"""Computes with TensorFlow what the sweep over TensorFlow.js compares with.

    python sweep.py <file>

Writes a line of JSON for each case: `sweep_case.run`.
"""

import collections
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# pylint: disable=wrong-import-position
import sweep_arrays
import sweep_math
import sweep_networks
import sweep_others
from sweep_case import run


def main(path):
    """All cases; those that TensorFlow itself does not compute are counted only."""
    failed = collections.Counter()
    titles = set()
    with open(path, "w", encoding="utf8") as lines:
        for module in (sweep_math, sweep_arrays, sweep_networks, sweep_others):
            for case in module.cases():
                result = run(case)
                if "failed" in result:
                    failed[result["op"]] += 1
                    if os.environ.get("SHOW_FAILED"):
                        print(result["op"], result["failed"])
                    continue
                while result["title"] in titles:
                    result["title"] += " again"
                titles.add(result["title"])
                lines.write(json.dumps(result) + "\n")
    print(f"{len(titles)} cases; TensorFlow itself fails in {sum(failed.values())} more")


if __name__ == "__main__":
    main(*sys.argv[1:])
