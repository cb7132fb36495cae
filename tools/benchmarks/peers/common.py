"""What every peer's script shares: what its command line asks for, and the line that it prints.

NAME_peer.py W1|W2|W3 SKIPPED TIMED [MODE]

Simulates SKIPPED ticks, then TIMED more and times those: in the first ticks of W2 and W3 no neuron fires."""

import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import workloads  # noqa: E402

WORKLOAD, SKIPPED, TIMED = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
MODE = sys.argv[4] if len(sys.argv) > 4 else ""
TICKS = SKIPPED + TIMED
NEURONS = workloads.NEURONS[WORKLOAD]


def dense():
    """weights [source, target], and spikes [tick, channel] of all TICKS."""
    weights, spikes = workloads.dense()
    return weights, spikes[:TICKS]


def sparse():
    """targets and weights [source, 100], bias [n]."""
    return workloads.sparse(NEURONS)


def synapses(targets):
    """source and target of every synapse of `sparse()`, in the order of its weights."""
    return np.repeat(np.arange(len(targets)), targets.shape[1]), targets.ravel()


def measure(run, clock=time.process_time):
    """`run(ticks)` simulates so many ticks more and returns the spikes that the neurons fired in them. `clock()` is processor
    time."""
    spikes = run(SKIPPED) if SKIPPED else 0
    begin = clock()
    spikes += run(TIMED)
    report(clock() - begin, spikes)


def report(seconds, spikes):
    """seconds of the TIMED ticks, spikes of all TICKS."""
    print("RESULT " + json.dumps({"seconds": seconds, "spikes": int(spikes)}), flush=True)
