"""Every output packet of RANC's own test vectors: its memory files as a program, run, and compared with tb_correct.

A set holds, per core of a grid, csram_NNN.mem (a line per neuron: synapses, potential, reset, weights, leak, thresholds, reset
mode, packet) and tc_NNN.mem (a type per axon). Inputs enter at core 0; packets to the output core are the results.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter

import numpy as np

from program_file import OneCore, TYPES

MEMORY = "hardware/IP/RANCNetwork/src/simulations/memory_files"
# Folder, axons, neurons, grid, output core as the repository's tests have them, and ticks from an input to its outputs, which
# no file says: the number for which all packets agree.
SETS = [
    ("tea/128", 128, 128, (8, 4), (0, 3), 2),
    ("tea/256", 256, 256, (4, 3), (0, 2), 1),
    ("tea/512", 512, 512, (2, 3), (0, 2), 1),
    ("tea/512_128", 512, 128, (2, 3), (0, 2), 1),
    ("vmm", 256, 256, (3, 3), (2, 2), 3),
]
TYPES.update({
    "crossbar/axon_type": "u1", "neuron/additive/leak_mode": "u1", "neuron/additive/negative_threshold": "i4",
    "neuron/additive/negative_mode": "u1",
})


def lines(folder, name):
    with open(os.path.join(folder, name)) as file:
        return re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read(), flags=re.DOTALL).split()


def signed(bits):
    value = int(bits, 2)
    return value - (1 << len(bits)) if bits[0] == "1" else value


def packet(bits, axons):
    """dx, dy, axon, ticks."""
    width = (axons - 1).bit_length()
    return signed(bits[:9]), signed(bits[9:18]), int(bits[18:18 + width], 2), int(bits[18 + width:], 2)


class Network:
    def __init__(self, folder, axons, neurons, grid, output):
        self.grid, self.output, self.axons, self.neurons = grid, output[1] * grid[0] + output[0], axons, neurons
        self.cores = [c for c in range(grid[0] * grid[1]) if c != self.output]
        self.rows = [self.read(folder, core) for core in self.cores]
        self.types = [[int(word, 2) for word in lines(folder, f"tc_{core:03}.mem")] for core in self.cores]

    def read(self, folder, core):
        rows = []
        for line in lines(folder, f"csram_{core:03}.mem"):
            rest = line[self.axons:]
            numbers = [signed(rest[9 * k:9 * k + 9]) for k in range(9)]
            dx, dy, axon, ticks = packet(rest[82:], self.axons)
            rows.append({
                "synapses": np.flatnonzero([bit == "1" for bit in reversed(line[:self.axons])]),
                "v": numbers[0], "reset": numbers[1], "weights": numbers[2:6], "leak": numbers[6],
                "threshold": numbers[7], "negative": numbers[8], "mode": int(rest[81]),
                "core": core + dy * self.grid[0] + dx, "axon": axon, "delay": ticks + 1,
            })
        return rows

    def arrays(self, inputs):
        """`inputs`: (core, axon, delay) per channel."""
        place = {core: i for i, core in enumerate(self.cores)}
        place[self.output] = len(self.cores)
        count = len(self.cores)
        rows = [row for core in self.rows for row in core]
        n = len(rows)
        full = {name: np.zeros(n) for name in TYPES if name.startswith("neuron/")}
        full["neuron/synapse_decay"][:] = full["neuron/gain"][:] = full["neuron/scale"][:] = 1
        full["neuron/floor"][:] = -256
        full["neuron/column"] = full["neuron/index"] = np.concatenate([np.arange(len(core)) for core in self.rows])
        full["neuron/index"] = np.arange(n)
        for name, key in [("v0", "v"), ("bias", "leak"), ("threshold", "threshold"), ("reset_mode", "mode")]:
            full[f"neuron/{name}"] = [row[key] for row in rows]
        full["neuron/reset"] = [row["threshold"] if row["mode"] else row["reset"] for row in rows]
        full["neuron/additive/negative_threshold"] = [-row["negative"] for row in rows]
        begin, neuron, weight = [0], [], []
        for core, types in zip(self.rows, self.types):
            synapses = [[] for _ in range(self.axons)]
            for j, row in enumerate(core):
                for axon in row["synapses"]:
                    synapses[axon].append(j)
            for axon in range(self.axons):
                neuron += synapses[axon]
                weight += [core[j]["weights"][types[axon]] for j in synapses[axon]]
                begin.append(len(neuron))
        begin += [len(neuron)] * self.axons
        self.destination = [(row["core"], row["axon"]) for row in rows]
        return full | {
            "core/x": [c % self.grid[0] for c in place], "core/y": [c // self.grid[0] for c in place],
            "core/axon_begin": np.arange(count + 2) * self.axons,
            "core/neuron_begin": np.append(np.arange(count + 1) * self.neurons, n),
            "crossbar/begin": begin, "crossbar/neuron": neuron, "crossbar/weight": weight,
            "crossbar/axon_type": np.concatenate(self.types + [np.zeros(self.axons)]),
            "route/begin": np.arange(n + 1), "route/kind": np.zeros(n),
            "route/core": [place[row["core"]] for row in rows], "route/axon": [row["axon"] for row in rows],
            "route/delay": [row["delay"] for row in rows],
            "input/begin": np.arange(len(inputs) + 1), "input/core": [place[core] for core, _, _ in inputs],
            "input/axon": [axon for _, axon, _ in inputs], "input/delay": [delay for _, _, delay in inputs],
            "poisson_table/begin": [0],
        }


def run(program, checkout, chips, name, axons, neurons, grid, output, latency):
    folder = os.path.join(checkout, MEMORY, name)
    network = Network(folder, axons, neurons, grid, output)
    words = lines(folder, "tb_input.txt")
    channels, events, first = {}, [], 0
    for tick, count in enumerate(int(word) for word in lines(folder, "tb_num_inputs.txt")):
        for word in words[first:first + count]:
            dx, dy, axon, delay = packet(word, axons)
            key = (dy * grid[0] + dx, axon, delay)
            events.append((tick, channels.setdefault(key, len(channels))))
        first += count
    expected, first = [], 0
    correct = [int(word, 2) for word in lines(folder, "tb_correct.txt")]
    for count in (int(word) for word in lines(folder, "tb_num_outputs.txt")):
        expected.append(Counter(correct[first:first + count]))
        first += count
    with tempfile.TemporaryDirectory() as scratch:
        path = lambda file: os.path.join(scratch, file)
        with open(path("net.json5"), "w") as file:
            file.write('{format: "rheobase-network", version: 1, populations: [{name: "a", size: 1, model: "lif", capacitance: '
                       '"1 pF", leakConductance: "1 nS", leakReversal: "0 V", threshold: "1 V", reset: "0 V"}], outputs: ["a"]}')
        settings = [f"core.axons={axons}", f"core.neurons={neurons}", "timing.tickPeriod=2000000", "routing.packetBits=40"]
        subprocess.run(
            [program, "compile", path("net.json5"), "--dt", "0.1ms", "--chip", os.path.join(chips, "ranc.json5"), "-o",
             path("template.rbx")] + [word for s in settings for word in ("--set", s)], check=True, capture_output=True)
        writer = OneCore(path("template.rbx"))
        writer._save(path("ranc.rbx"), network.arrays(list(channels)), len(network.destination))
        ticks = len(expected) + latency
        spikes = np.zeros((1, ticks, len(channels)), dtype="u1")
        for tick, channel in events:
            spikes[0, tick, channel] = 1
        np.savez(path("in.npz"), spikes=spikes)
        subprocess.run(
            [program, "run", path("ranc.rbx"), "--input", path("in.npz"), "-o", path("record.h5")], check=True,
            capture_output=True)
        import h5py
        found = [Counter() for _ in range(ticks)]
        with h5py.File(path("record.h5")) as file:
            late = int(file["counters"].attrs["late_packets"])
            for tick, row in zip(file["spikes/tick"][()], file["spikes/neuron"][()]):
                core, axon = network.destination[row]
                if core == network.output:
                    found[tick][axon] += 1
    same = sum((expected[k] & found[k + latency]).total() for k in range(len(expected)))
    total, ours = len(correct), sum(counter.total() for counter in found[latency:])
    print(f"{name}: {len(network.cores)} cores, {total} packets expected, {ours} sent, {same} the same, {late} late")
    return same == total == ours and late == 0


if __name__ == "__main__":
    program, checkout, chips = sys.argv[1:4]
    sys.exit(0 if all([run(program, checkout, chips, *s) for s in SETS]) else 1)
