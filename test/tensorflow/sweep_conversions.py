"""Compares the core's conversions of all 2^32 float32 with NumPy's and ml_dtypes', bit for bit.

    python sweep_conversions.py <permafrost_conversion_sweep>
"""

import multiprocessing
import subprocess
import sys
import time

import ml_dtypes
import numpy as np

TYPES = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16}
CHUNK = 1 << 24
CHUNKS = 256


def compare(job):
    """Goes through some chunks with all implementations; returns what is wrong, and the number of overflows."""
    program, names, type_name, first, last = job
    running = {
        name: subprocess.Popen([program, name, type_name, str(first), str(last)], stdout=subprocess.PIPE)
        for name in names
    }
    faults = []
    overflows = 0
    for chunk in range(first, last + 1):
        bits = np.arange(chunk * CHUNK, (chunk + 1) * CHUNK, dtype=np.uint64).astype(np.uint32)
        floats = bits.view(np.float32)
        with np.errstate(all="ignore"):
            expected = floats.astype(TYPES[type_name])
            overflows += int(np.count_nonzero(np.isinf(expected.astype(np.float32)) & np.isfinite(floats)))
        for name, process in running.items():
            actual = np.frombuffer(process.stdout.read(2 * CHUNK), dtype=np.uint16)
            wrong = np.flatnonzero(actual != expected.view(np.uint16))
            if wrong.size:
                at = wrong[0]
                want = expected.view(np.uint16)[at]
                faults.append(
                    f"{name}, {type_name}: {wrong.size} differ, the first {bits[at]:08x}: "
                    f"expected {want:04x} but got {actual[at]:04x}"
                )
    for name, process in running.items():
        counted = int.from_bytes(process.stdout.read(), "little")
        if process.wait() != 0 or counted != overflows:
            faults.append(f"{name}, {type_name}: {counted} overflows instead of {overflows}, status {process.returncode}")
    return faults, overflows


def main(program):
    names = subprocess.run([program], check=True, capture_output=True, text=True).stdout.split()
    start = time.monotonic()
    failed = False
    with multiprocessing.Pool() as pool:
        for type_name in TYPES:
            jobs = [(program, names, type_name, first, first + 7) for first in range(0, CHUNKS, 8)]
            results = pool.map(compare, jobs, chunksize=1)
            faults = [fault for found, _ in results for fault in found]
            overflows = sum(count for _, count in results)
            failed = failed or bool(faults)
            verdict = "\n".join(faults) or f"the same bits for {CHUNK * CHUNKS} numbers, {overflows} overflows"
            print(f"{type_name} by {', '.join(names)}: {verdict}")
    print(f"NumPy {np.__version__}, ml_dtypes {ml_dtypes.__version__}, {time.monotonic() - start:.0f} s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
