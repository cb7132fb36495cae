"""A program image (docs/program-image.md) as the mapped network that it holds: neurons on cores, and their synapses."""

import json
from fractions import Fraction

import h5py
import numpy as np


class Mapped:
    """core [rows]; x, y [cores]; weights in codes of the membrane; synapses are (source, core, rows, weights) per axon."""

    def __init__(self, path):
        with h5py.File(path) as file:
            self.chip = json.loads(file["chip"][()])
            gain_bits = int(file["rules/datapath"].attrs["gain_bits"])
            n = {key: item[()] for key, item in file["neuron"].items() if isinstance(item, h5py.Dataset)}
            core = {key: file[f"core/{key}"][()] for key in file["core"]}
            crossbar = {key: file[f"crossbar/{key}"][()] for key in ("begin", "neuron", "weight")}
            inputs = {key: file[f"input/{key}"][()] for key in file["input"]}
            routes = {key: file[f"route/{key}"][()] for key in file["route"]}
        self.x, self.y, self.rows = core["x"], core["y"], len(n["kind"])
        self.core = np.repeat(np.arange(len(self.x)), np.diff(core["neuron_begin"]))
        # SANA-FE's neuron has no current, no refractory time, no delay and one way to reset.
        assert (n["kind"] == 0).all() and (n["refractory"] == 0).all() and (n["reset"] == 0).all()
        assert (n["reset_mode"] == 0).all() and (n["v0"] == 0).all()
        assert (n["synapse_decay"] == 1 << n["synapse_decay_exponent"].astype(int)).all()
        assert (routes["delay"] == 1).all() and (inputs["delay"] == 0).all()
        self.bias, self.threshold = n["bias"], n["threshold"]
        self.leak = n["decay"] / 2.0 ** n["decay_exponent"]
        step = [
            Fraction(int(g) << int(e), 1 << gain_bits) for g, e in zip(n["gain"], n["weight_exponent"])]
        assert all(s.denominator == 1 for s in step), "a step is rounded"
        step = np.array([int(s) for s in step])

        def axon(index, c):
            """Rows and weights of the synapses of an axon of core c."""
            global_axon = int(core["axon_begin"][c]) + int(index)
            synapses = slice(crossbar["begin"][global_axon], crossbar["begin"][global_axon + 1])
            rows = int(core["neuron_begin"][c]) + crossbar["neuron"][synapses].astype(int)
            return rows, crossbar["weight"][synapses].astype(int) * step[rows]

        def fed(begin, cores, axons):
            return [
                (source, int(cores[k]), *axon(axons[k], cores[k]))
                for source in range(len(begin) - 1) for k in range(begin[source], begin[source + 1])]

        self.channels = len(inputs["begin"]) - 1
        self.synapses = fed(routes["begin"], routes["core"], routes["axon"])
        self.inputs = fed(inputs["begin"], inputs["core"], inputs["axon"])
