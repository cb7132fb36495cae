"""A mapped network in SANA-FE, step by step."""

import contextlib
import os

import numpy as np
import sanafe

from architecture import Architecture

LIF = {"leak_decay": 1.0, "input_decay": 0.0, "reset": 0, "reset_mode": "hard"}


def run(mapped, spikes, ticks, model="detailed"):
    """What SANA-FE does in `ticks` steps. Its input neurons fire a step before their messages act.

    spikes [ticks, channels] are those that act; none does in the first step.
    """
    assert not spikes[0].any()
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
            train = [int(s) for s in spikes[1:, channel]] + [0]
            inputs[i].set_attributes(soma_hw_name=f"input[{i}]", model_attributes={"spikes": train})
            inputs[i].map_to_core(cores[place[core] + 1])
        connect(inputs, neurons, [(i, rows, weights) for i, (_, _, rows, weights) in enumerate(mapped.inputs)])

    machine = sanafe.SpikingChip(chip)
    machine.load(network)
    with silence():
        # With several threads the order of messages varies more, and with it the time.
        traces = dict(
            timing_model=model, processing_threads=1, spike_trace=True, perf_trace=True, message_trace=True)
        parts = [machine.sim(ticks - 1, **traces), machine.sim(1, **traces)]
    return Result(mapped, spikes, ticks, parts)


def connect(sources, targets, axons):
    pairs = [(source, int(row)) for source, rows, _ in axons for row in rows]
    weights = [float(w) for _, _, ws in axons for w in ws]
    if pairs:
        sources.connect_neurons_sparse(targets, {"weight": weights}, pairs)


class Result:
    """spikes [ticks, rows], seconds [ticks], and sums of events and joules.

    SANA-FE adds up a message in the step in which it is sent, Rheobase in the next one: those of the last step are left out.
    """

    def __init__(self, mapped, inputs, ticks, parts):
        self.spikes = np.zeros((ticks, mapped.rows), dtype=int)
        for tick, fired in enumerate(step for part in parts for step in part["spike_trace"]):
            for address in fired:
                self.spikes[tick, address.neuron_offset] += 1
        messages = [m for part in parts for step in part["message_trace"] for m in step]
        own = [m for m in messages if not m["placeholder"] and m["src_neuron_group_id"] == "neurons"]
        self.events = {
            "synapticOperation": parts[0]["spikes"],
            "neuronUpdate": mapped.rows * ticks,
            # An input neuron counts as updated where it fires.
            "neuronActivity": sum(part["neurons_updated"] for part in parts)
            - sum(int(inputs[:, channel].sum()) for channel, *_ in mapped.inputs),
            "spikeReset": int(self.spikes.sum()),
            "packet": len(own),
            "hop": sum(m["hops"] for m in own),
            "verticalHop": sum(abs(m["dest_y"] - m["src_y"]) for m in own),
        }
        self.joules = {
            "synapse": parts[0]["energy"]["synapse"],
            "soma": sum(part["energy"]["soma"] for part in parts),
            "network": sum(part["energy"]["network"] for part in parts),
        }
        self.seconds = np.array([s for part in parts for s in part["perf_trace"]["sim_time"]])


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
