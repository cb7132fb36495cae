"""SANA-FE with the Loihi of its package, each core of a workload in a tile of its own. MODE is its model of time: simple, detailed or
cycle; ticks that are skipped take the first."""

from importlib.resources import files

import numpy as np
import sanafe
from common import MODE, NEURONS, SKIPPED, TICKS, WORKLOAD, dense, measure, sparse, synapses

arch = sanafe.load_arch(str(files("sanafe.examples") / "loihi.yaml"))
cores = arch.cores()
net = sanafe.Network()
inputs = np.zeros(TICKS + 1, int)
if WORKLOAD == "W1":
    weights, spikes = dense()
    inputs[:TICKS] = spikes.sum(1)
    source = net.create_neuron_group("in", 1024, {}, "loihi_dense_synapse", "loihi_dendrites", False, False, "loihi_inputs[0]")
    neurons = net.create_neuron_group(
        "out", 1024, {"threshold": 1000, "leak_decay": 0.5, "input_decay": 0.0, "reset": 0, "reset_mode": "hard"},
        "loihi_dense_synapse", "loihi_dendrites", False, False, "loihi_lif")
    for i in range(1024):
        source[i].set_attributes(
            soma_hw_name=f"loihi_inputs[{i}]", model_attributes={"spikes": [int(x) for x in spikes[:, i]]})
        source[i].map_to_core(cores[0])
    for i in range(1024):
        neurons[i].map_to_core(cores[4])
    source.connect_neurons_dense(neurons, {"weight": weights.ravel().tolist()})
else:
    targets, weights, bias = sparse()
    neurons = net.create_neuron_group(
        "all", NEURONS,
        {"threshold": 1024, "leak_decay": 31 / 32, "input_decay": 0.0, "reset": 0, "reset_mode": "hard", "force_update": True},
        "loihi_sparse_synapse", "loihi_dendrites", False, False, "loihi_lif")
    for i in range(NEURONS):
        neurons[i].set_attributes(model_attributes={"bias": float(bias[i])})
        neurons[i].map_to_core(cores[4 * (i // (NEURONS // 16))])
    neurons.connect_neurons_sparse(
        neurons, {"weight": weights.ravel().tolist()}, np.stack(synapses(targets), 1).tolist())
chip = sanafe.SpikingChip(arch)
chip.load(net)
done = 0


def run(ticks):
    global done
    model = "simple" if done < SKIPPED else MODE
    result = chip.sim(ticks, timing_model=model, processing_threads=1, scheduler_threads=0)
    done += ticks
    return result["neurons_fired"] - inputs[done - ticks:done].sum()


if WORKLOAD == "W1":
    # A spike arrives a tick after it was sent.
    run(1)
measure(run)
