"""Keeps a few small networks of another system with their potentials and spikes, as golden vectors of the tests."""

import json
import sys

import numpy as np

import loihi_networks
import xylo_networks

MOST_NEURONS, TICKS_KEPT, KEPT = 6, 40, 8


def listed(values, n):
    return np.broadcast_to(values, n).astype(int).tolist()


def main(theirs, out):
    theirs = np.load(theirs)
    vectors = []
    for seed in sorted(int(name[1:]) for name in theirs if name.startswith("v")):
        rests = bool(theirs["rests"]) if "rests" in theirs else None
        network = xylo_networks.Network(seed) if rests is None else loihi_networks.Network(seed, rests)
        spikes = theirs[f"s{seed}"][:TICKS_KEPT]
        # A synaptic current of Xylo that comes near its ends saturates in the middle of a sum.
        quiet = rests is not None or np.abs(network.inputs).sum() * 15 << network.shift < 1 << 13
        if network.n > MOST_NEURONS or network.channels > 2 * MOST_NEURONS or spikes.sum() < 10 or not quiet:
            continue
        vectors.append({
            "seed": seed, "inputs": network.inputs.tolist(), "recurrent": network.recurrent.tolist(),
            "codes": {name: listed(values, network.n) for name, values in network.codes().items()},
            "input": network.spikes[:TICKS_KEPT].astype(int).tolist(),
            "potentials": theirs[f"v{seed}"][:TICKS_KEPT].tolist(), "spikes": spikes.tolist(),
        })
        if len(vectors) == KEPT:
            break
    with open(out, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(v, separators=(",", ":")) for v in vectors) + "\n]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
