"""GeNN's C++ for one thread, single precision, compiled with its option for speed and for the processor at hand. The decay is rounded
as in the integer model."""

import os
import tempfile

import numpy as np
import pygenn
from common import NEURONS, WORKLOAD, dense, measure, sparse, synapses

os.environ["CXX"] = "c++ -march=native"
model = pygenn.GeNNModel("float", "bench", backend="single_threaded_cpu", optimize_code=True)
model.dt = 1.0


def create(decayed, threshold, bias):
    lif = pygenn.create_neuron_model(
        "lif", vars=[("v", "scalar"), ("bias", "scalar", pygenn.VarAccess.READ_ONLY), ("spikes", "int")],
        sim_code=f"v = {decayed} + bias + Isyn;", threshold_condition_code=f"v > {threshold}", reset_code="v = 0; spikes++;")
    return model.add_neuron_population("neurons", NEURONS, lif, {}, {"v": 0, "bias": bias, "spikes": 0})


def connect(kind, source, weights):
    return model.add_synapse_population(
        "synapses", kind, source, neurons, pygenn.init_weight_update("StaticPulse", {}, {"g": weights.ravel()}),
        pygenn.init_postsynaptic("DeltaCurr"))


if WORKLOAD == "W1":
    weights, spikes = dense()
    neurons = create("floor(v / 2)", 1000, 0)
    channel, tick = np.nonzero(spikes.T)
    ends = np.cumsum(spikes.sum(0))
    source = model.add_neuron_population(
        "source", 1024, "SpikeSourceArray", {}, {"startSpike": np.concatenate([[0], ends[:-1]]), "endSpike": ends})
    source.extra_global_params["spikeTimes"].set_init_values(tick.astype(float))
    connect("DENSE", source, weights)
else:
    targets, weights, bias = sparse()
    neurons = create("v - floor(v / 32)", 1024, bias)
    connect("SPARSE", neurons, weights).set_sparse_connections(*synapses(targets))
with tempfile.TemporaryDirectory() as folder:
    model.build(folder)
    model.load()
if WORKLOAD == "W1":
    # A spike arrives a tick after it was sent.
    model.step_time()


def counted():
    neurons.vars["spikes"].pull_from_device()
    return neurons.vars["spikes"].view.sum()


def run(ticks):
    before = counted()
    for _ in range(ticks):
        model.step_time()
    return counted() - before


measure(run)
