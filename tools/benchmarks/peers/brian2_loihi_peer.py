"""brian2-loihi: Loihi's integers in Brian2's compiled code. Weights are doubled, with bias and threshold, because weights of both
signs have no lowest bit; the membrane has seven bits below ours. Its neurons have no bias: it is the weight of a source that fires in
every tick."""

import time

import brian2
import numpy as np
from brian2 import ms
from brian2_loihi import LoihiNetwork, LoihiNeuronGroup, LoihiSpikeGeneratorGroup, LoihiSpikeMonitor, LoihiSynapses
from common import NEURONS, SKIPPED, TICKS, WORKLOAD, dense, report, sparse, synapses

MIXED, EXCITATORY = 1, 2


def connect(source, target, by, to, weights, sign):
    made = LoihiSynapses(source, target, sign_mode=sign)
    made.connect(i=by, j=to)
    made.w = 2 * weights.ravel()
    return made


brian2.BrianLogger.log_level_error()
if WORKLOAD == "W1":
    weights, spikes = dense()
    neurons = LoihiNeuronGroup(NEURONS, refractory=1, threshold_v_mant=2 * 1000, decay_v=2048, decay_I=4096)
    tick, channel = np.nonzero(spikes)
    source = LoihiSpikeGeneratorGroup(1024, channel, tick)
    parts = [source, connect(
        source, neurons, np.repeat(np.arange(1024), NEURONS), np.tile(np.arange(NEURONS), 1024), weights, MIXED)]
else:
    targets, weights, bias = sparse()
    neurons = LoihiNeuronGroup(NEURONS, refractory=1, threshold_v_mant=2 * 1024, decay_v=128, decay_I=4096)
    constant = LoihiSpikeGeneratorGroup(1, np.zeros(TICKS + 1, int), np.arange(TICKS + 1))
    parts = [constant, connect(neurons, neurons, *synapses(targets), weights, MIXED),
             connect(constant, neurons, np.zeros(NEURONS, int), np.arange(NEURONS), bias, EXCITATORY)]
monitor = LoihiSpikeMonitor(neurons)
begins = []
watch = brian2.NetworkOperation(lambda: begins.append(time.process_time()), dt=ms, when="start")
network = LoihiNetwork(neurons, *parts, monitor, watch)
# A spike arrives a tick after it was sent.
first = 1
network.run(first + TICKS)
# What run() does before its first tick is not of the ticks.
report(time.process_time() - begins[first + SKIPPED], monitor.num_spikes)
