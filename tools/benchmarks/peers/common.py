"""What every peer's script shares: the workload named on the command line, and the line that it prints."""

import json
import os
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import workloads  # noqa: E402

WORKLOAD = sys.argv[1]
TICKS = int(os.environ["TICKS"])
REPETITIONS = int(os.environ["REPETITIONS"])
NEURONS = workloads.NEURONS[WORKLOAD]


def dense():
    weights, spikes = workloads.dense()
    return weights, spikes[:TICKS]


def sparse():
    return workloads.sparse(NEURONS)


def measure(system, run):
    """`run()` simulates TICKS ticks and returns the spikes of the neurons, and its own count of seconds or None."""
    for _ in range(REPETITIONS):
        begin = time.process_time()
        spikes, own_seconds = run()
        seconds = time.process_time() - begin if own_seconds is None else own_seconds
        report(system, seconds, spikes)


def report(system, seconds, spikes):
    usage = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print("RESULT " + json.dumps(
        {"system": system, "ticks": TICKS, "seconds": seconds, "spikes": int(spikes), "mib": max(usage) / 1024}),
        flush=True)
