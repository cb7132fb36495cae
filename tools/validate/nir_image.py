"""The numbers of a program image (.rbx, docs/program-image.md) in the unit of the network: what an export must hold."""

import h5py
import numpy as np


class Image:
    def __init__(self, path):
        with h5py.File(path) as file:
            self.dt = float(file.attrs["dt"])
            unity = 2.0 ** int(file["rules/datapath"].attrs["gain_bits"])
            n = {key: item[()] for key, item in file["neuron"].items() if isinstance(item, h5py.Dataset)}
            self.names = [name.decode() for name in file["populations/name"][()]]
            crossbar = {key: file[f"crossbar/{key}"][()] for key in file["crossbar"]}
            core = {key: file[f"core/{key}"][()] for key in file["core"]}
            inputs = {key: file[f"input/{key}"][()] for key in file["input"]}
            routes = {key: file[f"route/{key}"][()] for key in file["route"]}
        assert not (n["kind"] == 1).any(), "the networks here need no partial sums"
        self.neurons = n
        scale = n["scale"]
        self.decay = n["decay"] / 2.0 ** n["decay_exponent"]
        self.synapse_decay = n["synapse_decay"] / 2.0 ** n["synapse_decay_exponent"]
        self.threshold = n["threshold"] / scale
        self.reset = n["reset"] / scale
        self.drive = n["bias"] / scale
        self.start = n["v0"] / scale
        self.step_per_code = n["gain"] * 2.0 ** n["weight_exponent"] / unity / scale
        self._read_codes(core, crossbar, inputs, routes)

    def _read_codes(self, core, crossbar, inputs, routes):
        """codes[source][row, channel or row of the source]; source is "input" or a population's number."""
        population, index = self.neurons["population"], self.neurons["index"]
        source = {}
        for channel in range(len(inputs["begin"]) - 1):
            for k in range(inputs["begin"][channel], inputs["begin"][channel + 1]):
                source[core["axon_begin"][inputs["core"][k]] + inputs["axon"][k]] = ("input", channel)
        for row in range(len(routes["begin"]) - 1):
            for k in range(routes["begin"][row], routes["begin"][row + 1]):
                axon = core["axon_begin"][routes["core"][k]] + routes["axon"][k]
                source[axon] = (int(population[row]), int(index[row]))
        self.codes = {}
        for c in range(len(core["x"])):
            for axon in range(core["axon_begin"][c], core["axon_begin"][c + 1]):
                if axon not in source:
                    continue
                origin, column = source[axon]
                synapses = slice(crossbar["begin"][axon], crossbar["begin"][axon + 1])
                rows = core["neuron_begin"][c] + crossbar["neuron"][synapses].astype(int)
                for row, weight in zip(rows, crossbar["weight"][synapses]):
                    self.codes[origin, column, int(population[row]), int(index[row])] = int(weight)

    def rows(self, p):
        """Rows of a population's neurons in their order."""
        rows = np.flatnonzero(self.neurons["population"] == p)
        return rows[np.argsort(self.neurons["index"][rows])]

    def matrix(self, source, p, columns):
        """Weight codes from a source to population p, [neurons, columns]."""
        codes = np.zeros((len(self.rows(p)), columns))
        for (origin, column, target, row), weight in self.codes.items():
            if origin == source and target == p:
                codes[row, column] = weight
        return codes
