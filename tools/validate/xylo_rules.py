"""Every potential and spike of random networks in xylosim, SynSense's bit-exact simulator of Xylo."""

import sys

import numpy as np
from xylosim.v2 import XyloLayer, XyloSynapse

from xylo_networks import Network


def run(network):
    n = network.n

    def synapses(weights):
        return [[XyloSynapse(j, 0, int(w)) for j, w in enumerate(row) if w] for row in weights]

    # The layer keeps pointers to these lists.
    inputs, recurrent, outputs = synapses(network.inputs), synapses(network.recurrent), [[] for _ in range(n)]
    layer = XyloLayer(
        synapses_in=inputs, synapses_rec=recurrent, synapses_out=outputs, aliases=[[] for _ in range(n)],
        threshold=network.threshold.tolist(), threshold_out=[1000], has_bias=True, bias=network.bias.tolist(),
        bias_out=[0], weight_shift_inp=network.shift, weight_shift_rec=network.shift, weight_shift_out=0,
        dash_mem=network.dash_mem.tolist(), dash_mem_out=[1], dash_syns=[[int(d), 1] for d in network.dash_syn],
        dash_syns_out=[[1]], name="hidden")
    layer.evolve(network.spikes.tolist())
    return np.array(layer.rec_v_mem).T.reshape(-1, n), np.array(layer.rec_recurrent_spikes).reshape(-1, n)


if __name__ == "__main__":
    first, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    results = {}
    for seed in range(first, first + count):
        results[f"v{seed}"], results[f"s{seed}"] = run(Network(seed))
    np.savez(path, **results)
