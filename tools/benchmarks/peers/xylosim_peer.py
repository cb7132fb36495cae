"""xylosim: Xylo's integers, reset by subtraction. Records every state, which cannot be switched off."""

import numpy as np
from common import NEURONS, TICKS, WORKLOAD, dense, measure, sparse
from xylosim.v2 import XyloLayer, XyloSynapse

if WORKLOAD == "W1":
    weights, spikes = dense()
    inputs = spikes.astype(int).tolist()
    feeding = [[XyloSynapse(j, 0, int(w)) for j, w in enumerate(row)] for row in weights]
    recurrent = [[] for _ in range(NEURONS)]
    bias, threshold, leak = [0] * NEURONS, [1000] * NEURONS, [1] * NEURONS
else:
    targets, weights, bias = sparse()
    inputs, feeding = [[0]] * TICKS, [[]]
    recurrent = [[XyloSynapse(int(t), 0, int(w)) for t, w in zip(*row)] for row in zip(targets, weights)]
    bias, threshold, leak = bias.tolist(), [1024] * NEURONS, [5] * NEURONS


layer = XyloLayer(
    synapses_in=feeding, synapses_rec=recurrent, synapses_out=[[] for _ in range(NEURONS)],
    aliases=[[] for _ in range(NEURONS)], threshold=threshold, threshold_out=[1000], has_bias=True, bias=bias,
    bias_out=[0], weight_shift_inp=0, weight_shift_rec=0, weight_shift_out=0, dash_mem=leak, dash_mem_out=[1],
    dash_syns=[[1, 1]] * NEURONS, dash_syns_out=[[0]], name="all")
done = 0


def run(ticks):
    global done
    layer.evolve(inputs[done:done + ticks])
    done += ticks
    return np.asarray(layer.rec_recurrent_spikes).sum()


measure(run)
