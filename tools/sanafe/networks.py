"""Random recurrent networks over several cores of a Loihi-like chip, as program images."""

import numpy as np

from program_file import TYPES, OneCore, write_program

TICKS = 100


class Network:
    """Neurons with a bias, a threshold and perhaps a leak on cores at random places; each drives 16 others, anywhere."""

    def __init__(self, seed, width, height, leaky):
        r = np.random.default_rng(seed)
        cores = int(r.integers(4, 9))
        self.places = np.sort(r.choice(width * height, cores, replace=False))
        self.width = width
        self.size = int(r.integers(24, 97))
        n = self.n = cores * self.size
        self.core = np.repeat(np.arange(cores), self.size)
        self.targets = np.array([r.choice(n, 16, replace=False) for _ in range(n)])
        self.weights = r.integers(-60, 61, (n, 16))
        self.weights[self.weights == 0] = 1
        self.bias = r.integers(50, 4000, n)
        self.threshold = r.integers(200, 1500, n) << 6
        # A neuron loses d / 2^12 of its potential per tick.
        self.decay = np.full(n, int(r.choice([8, 16, 64])) if leaky else 0)

    def write(self, writer: OneCore, path):
        n, cores = self.n, len(self.places)
        routes, axons, synapses = [], [[] for _ in range(cores)], [[] for _ in range(cores)]
        for source in range(n):
            for core in np.unique(self.core[self.targets[source]]):
                here = self.core[self.targets[source]] == core
                columns = self.targets[source][here] - core * self.size
                order = np.argsort(columns)
                routes.append((source, core, len(axons[core])))
                axons[core].append(source)
                synapses[core].append((columns[order], self.weights[source][here][order]))
        lists = [s for core in synapses for s in core]
        routes = np.array(routes)
        full = {name: np.zeros(n) for name in TYPES if name.startswith("neuron/")}
        full |= {
            "neuron/gain": np.full(n, writer.gain), "neuron/floor": np.full(n, writer.lowest),
            "neuron/scale": np.ones(n), "neuron/column": np.tile(np.arange(self.size), cores),
            "neuron/index": np.arange(n), "neuron/decay": self.decay, "neuron/decay_exponent": np.full(n, 12),
            "neuron/synapse_decay": np.full(n, 1 << 12), "neuron/synapse_decay_exponent": np.full(n, 12),
            "neuron/weight_exponent": np.full(n, 7), "neuron/bias": self.bias, "neuron/threshold": self.threshold,
        }
        write_program(writer.template, path, full | {
            "core/x": self.places % self.width, "core/y": self.places // self.width,
            "core/axon_begin": np.cumsum([0] + [len(a) for a in axons]),
            "core/neuron_begin": np.arange(cores + 1) * self.size,
            "crossbar/begin": np.cumsum([0] + [len(c) for c, _ in lists]),
            "crossbar/neuron": np.concatenate([c for c, _ in lists]),
            "crossbar/weight": np.concatenate([w for _, w in lists]),
            "route/begin": np.searchsorted(routes[:, 0], np.arange(n + 1)), "route/kind": np.zeros(len(routes)),
            "route/core": routes[:, 1], "route/axon": routes[:, 2], "route/delay": np.ones(len(routes)),
            # One channel that feeds nothing.
            "input/begin": [0, 0], "poisson_table/begin": [0],
        }, n)
