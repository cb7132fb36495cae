"""Writes the workloads as program images, and as plain arrays for the C kernel, and the spikes to expect."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "validate"))
from program_file import write_program  # noqa: E402
from workloads import dense, golden, sparse  # noqa: E402

SIDE = 4


def neurons(n, columns, **codes):
    full = {
        "gain": 1 << 16, "floor": -(1 << 23), "scale": 1, "column": np.arange(n) % columns, "index": np.arange(n),
        "synapse_decay": 4096, "synapse_decay_exponent": 12, "decay_exponent": 12,
    } | codes
    names = ["kind", "v0", "u0", "weight_exponent", "bias", "reset", "reset_mode", "refractory", "kick", "start", "stop",
             "population", "decay", "threshold"]
    full = {name: 0 for name in names} | full
    return {f"neuron/{name}": np.broadcast_to(value, n) for name, value in full.items()} | {
        "poisson_table/begin": [0], "output/neuron": np.arange(n), "output/kind": np.zeros(n),
        "output/from": np.zeros(n), "output/to": np.zeros(n)}


def write_dense(template, image, spikes_file, plain, samples):
    weights, spikes = dense()
    n = len(weights)
    axons = np.arange(n)
    present = weights != 0
    # decay 2048 of 4096 is the fraction that stays.
    write_program(template, image, neurons(n, n, decay=2048, threshold=1000) | {
        "core/x": [0], "core/y": [0], "core/axon_begin": [0, n], "core/neuron_begin": [0, n],
        "crossbar/begin": np.concatenate([[0], np.cumsum(present.sum(1))]),
        "crossbar/neuron": np.nonzero(present)[1], "crossbar/weight": weights[present],
        "route/begin": np.zeros(n + 1),
        "input/begin": np.arange(n + 1), "input/core": np.zeros(n), "input/axon": axons, "input/delay": np.zeros(n),
    }, n)
    np.savez(spikes_file, spikes=np.repeat(spikes[None].astype(np.uint8), samples, 0))
    with open(plain, "wb") as file:
        weights.astype("i1").tofile(file)
        spikes.astype("u1").tofile(file)


def write_sparse(template, image, plain, n):
    targets, weights, bias = sparse(n)
    cores = SIDE * SIDE
    per_core = n // cores
    source = np.repeat(np.arange(n), 100)
    target, weight = targets.ravel(), weights.ravel()
    stored = weight != 0
    source, target, weight = source[stored], target[stored], weight[stored]
    core = target // per_core
    # The axon of a source has its number, on every core; a core lists its axons' synapses in order.
    order = np.lexsort((target, source, core))
    axon = core[order] * n + source[order]
    routes = np.unique(source * cores + core)
    write_program(template, image, neurons(n, per_core, decay=128, threshold=1024, bias=bias) | {
        "core/x": np.arange(cores) % SIDE, "core/y": np.arange(cores) // SIDE,
        "core/axon_begin": np.arange(cores + 1) * n, "core/neuron_begin": np.arange(cores + 1) * per_core,
        "crossbar/begin": np.searchsorted(axon, np.arange(cores * n + 1)),
        "crossbar/neuron": target[order] % per_core, "crossbar/weight": weight[order],
        "route/begin": np.searchsorted(routes // cores, np.arange(n + 1)), "route/kind": np.zeros(len(routes)),
        "route/core": routes % cores, "route/axon": routes // cores, "route/delay": np.ones(len(routes)),
        "input/begin": [0],
    }, n)
    with open(plain, "wb") as file:
        targets.astype("u2").tofile(file)
        weights.astype("i1").tofile(file)
        bias.astype("i4").tofile(file)


def write_golden(file, workload):
    """Output spikes in the first 0, 1, … ticks."""
    np.savetxt(file, np.concatenate([[0], np.cumsum(golden(workload))]), "%d")
