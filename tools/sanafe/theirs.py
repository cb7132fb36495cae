"""A mapped network in SANA-FE, step by step."""

import contextlib
import io
import os

import numpy as np
import sanafe

from architecture import Architecture

LIF = {"leak_decay": 1.0, "input_decay": 0.0, "reset": 0, "reset_mode": "hard"}


def run(mapped, spikes, ticks, model="detailed"):
    """What SANA-FE does in `ticks` steps, after one in which only input neurons fire: its messages act a step later.

    spikes [ticks, channels]. Returns spikes [ticks, rows], and sums and lists of what it counted.
    """
    architecture = Architecture(mapped.chip, len(mapped.inputs))
    chip = architecture.load()
    cores = chip.cores()
    network = sanafe.Network()
    place = [architecture.core_at(int(x), int(y)) for x, y in zip(mapped.x, mapped.y)]
    neurons = network.create_neuron_group("neurons", mapped.rows, LIF, "synapse", "dendrite", soma_hw_name="lif")
    for row in range(mapped.rows):
        neurons[row].set_attributes(log_spikes=True, model_attributes={
            "bias": float(mapped.bias[row]), "threshold": float(mapped.threshold[row]),
            "leak_decay": 1.0 - float(mapped.leak[row])})
        neurons[row].map_to_core(cores[place[mapped.core[row]]])
    connect(neurons, neurons, [(source, rows, weights) for source, _, rows, weights in mapped.synapses])
    if mapped.inputs:
        inputs = network.create_neuron_group("inputs", len(mapped.inputs), {}, "synapse", "dendrite", soma_hw_name="input[0]")
        for i, (channel, core, _, _) in enumerate(mapped.inputs):
            train = [int(s) for s in spikes[:, channel]] + [0, 0]
            inputs[i].set_attributes(soma_hw_name=f"input[{i}]", model_attributes={"spikes": train})
            inputs[i].map_to_core(cores[place[core] + 1])
        connect(inputs, neurons, [(i, rows, weights) for i, (_, _, rows, weights) in enumerate(mapped.inputs)])

    machine = sanafe.SpikingChip(chip)
    machine.load(network)
    with silence():
        # Without inputs there is nothing to wait for.
        first = machine.sim(1, timing_model=model, perf_trace=True) if mapped.inputs else None
        rest = machine.sim(ticks, timing_model=model, spike_trace=True, perf_trace=True, message_trace=True)
    return Result(mapped, spikes, ticks, first, rest)


def connect(sources, targets, axons):
    pairs = [(source, int(row)) for source, rows, _ in axons for row in rows]
    weights = [float(w) for _, _, ws in axons for w in ws]
    if pairs:
        sources.connect_neurons_sparse(targets, {"weight": weights}, pairs)


class Result:
    def __init__(self, mapped, spikes, ticks, first, rest):
        self.spikes = np.zeros((ticks, mapped.rows), dtype=int)
        for tick, fired in enumerate(rest["spike_trace"]):
            for address in fired:
                self.spikes[tick, address.neuron_offset] += 1
        messages = [m for step in rest["message_trace"] for m in step]
        own = [m for m in messages if not m["placeholder"] and m["src_neuron_group_id"] == "neurons"]
        energy = rest["energy"]
        early = first["energy"] if first else {"synapse": 0.0, "network": 0.0}
        self.events = {
            "synapticOperation": rest["spikes"] + (first["spikes"] if first else 0),
            "neuronUpdate": mapped.rows * ticks,
            # An input neuron counts as updated where it fires; the first step is apart.
            "neuronActivity": rest["neurons_updated"] - sum(int(spikes[1:, i[0]].sum()) for i in mapped.inputs),
            "spikeReset": int(self.spikes.sum()),
            "packet": len(own),
            "hop": sum(m["hops"] for m in own),
            "verticalHop": sum(abs(m["dest_y"] - m["src_y"]) for m in own),
        }
        self.joules = {
            "synapse": energy["synapse"] + early["synapse"],
            "soma": energy["soma"],
            "network": energy["network"] + early["network"],
        }
        self.seconds = np.array(rest["perf_trace"]["sim_time"])


@contextlib.contextmanager
def silence():
    """SANA-FE reports progress on the standard output of the process."""
    kept = os.dup(1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)
