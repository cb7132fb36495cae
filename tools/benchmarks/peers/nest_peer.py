"""NEST: a membrane that decays by an exponential from tick to tick and jumps with every spike, in double precision."""

import nest
import numpy as np
from common import NEURONS, WORKLOAD, dense, measure, sparse, synapses


def create(decay, threshold):
    """Neurons of capacitance 1, of which each tick of 1 ms leaves the fraction `decay` of the potential."""
    return nest.Create("iaf_psc_delta", NEURONS, params={
        "C_m": 1.0, "tau_m": -1 / np.log(decay), "t_ref": 0.0, "E_L": 0.0, "V_m": 0.0, "V_reset": 0.0,
        "V_th": float(threshold)})


def connect(source, target, weights):
    nest.Connect(np.asarray(source), np.asarray(target), "one_to_one", {
        "weight": weights.ravel().astype(float), "delay": np.ones(weights.size)})


nest.set_verbosity("M_ERROR")
nest.ResetKernel()
nest.resolution = 1.0
nest.local_num_threads = 1
if WORKLOAD == "W1":
    weights, spikes = dense()
    neurons = create(1 / 2, 1000)
    inputs = nest.Create("spike_generator", 1024)
    for channel, generator in enumerate(inputs):
        # Time 0 is too early, and a spike arrives a tick after it was sent.
        generator.spike_times = np.flatnonzero(spikes[:, channel]) + 1.0
    connect(np.repeat(inputs.tolist(), NEURONS), np.tile(neurons.tolist(), 1024), weights)
else:
    targets, weights, bias = sparse()
    neurons = create(31 / 32, 1024)
    # A constant current charges the membrane by less than itself in a tick, because it decays meanwhile.
    neurons.I_e = (bias / (neurons[0].tau_m * (1 - 31 / 32))).tolist()
    source, target = synapses(targets)
    ids = np.array(neurons.tolist())
    connect(ids[source], ids[target], weights)
nest.Prepare()
if WORKLOAD == "W1":
    nest.Run(1.0)


def run(ticks):
    before = nest.local_spike_counter
    nest.Run(float(ticks))
    return nest.local_spike_counter - before


measure(run)
nest.Cleanup()
