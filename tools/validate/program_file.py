"""Writes program images (docs/program-image.md) from arrays, behind the rules of a chip that a template carries."""

import io
import struct
import zlib

import h5py
import numpy as np

TYPES = {
    "core/x": "i4", "core/y": "i4", "core/axon_begin": "i8", "core/neuron_begin": "i8",
    "crossbar/begin": "i8", "crossbar/neuron": "u2", "crossbar/weight": "i2",
    "neuron/kind": "u1", "neuron/v0": "i4", "neuron/u0": "i4", "neuron/decay": "i4", "neuron/decay_exponent": "u1",
    "neuron/synapse_decay": "i4", "neuron/synapse_decay_exponent": "u1", "neuron/gain": "i4",
    "neuron/weight_exponent": "u1", "neuron/bias": "i4", "neuron/threshold": "i4", "neuron/reset": "i4",
    "neuron/reset_mode": "u1", "neuron/refractory": "i4", "neuron/kick": "i4", "neuron/floor": "i4",
    "neuron/start": "i4", "neuron/stop": "i4", "neuron/column": "u2", "neuron/scale": "f8",
    "neuron/population": "i4", "neuron/index": "i4",
    "route/begin": "i8", "route/kind": "u1", "route/core": "i4", "route/axon": "u2", "route/delay": "u1",
    "input/begin": "i8", "input/core": "i4", "input/axon": "u2", "input/delay": "u1",
    "poisson/neuron": "i4", "poisson/weight": "i4", "poisson/stream": "u4", "poisson/table": "i4",
    "poisson_table/begin": "i8", "poisson_table/threshold": "u4",
    "output/neuron": "i4", "output/kind": "u1", "output/from": "i4", "output/to": "i4",
}


class OneCore:
    """A recurrent network on one core: inputs arrive in the tick they are for, its own spikes a tick later."""

    def __init__(self, template):
        self.template = template
        with h5py.File(template) as file:
            self.gain = 1 << int(file["rules/datapath"].attrs["gain_bits"])
            self.lowest = -(1 << (int(file["rules/datapath"].attrs["state_bits"]) - 1))

    def write(self, path, inputs, recurrent, **neurons):
        """inputs [channels, n] and recurrent [n, n] are integer weights; `neurons` holds arrays [n] by name."""
        n = recurrent.shape[0]
        channels = inputs.shape[0]
        weights = np.concatenate([inputs, recurrent]).astype(int)
        full = {name: np.zeros(n) for name in TYPES if name.startswith("neuron/")}
        full["neuron/gain"][:] = self.gain
        full["neuron/floor"][:] = self.lowest
        full["neuron/scale"][:] = 1
        full["neuron/column"] = full["neuron/index"] = np.arange(n)
        for name, values in neurons.items():
            full[f"neuron/{name}"] = np.broadcast_to(values, n)
        axons = np.arange(n)
        arrays = full | {
            "core/x": [0], "core/y": [0], "core/axon_begin": [0, channels + n], "core/neuron_begin": [0, n],
            "crossbar/begin": np.concatenate([[0], np.cumsum((weights != 0).sum(1))]),
            "crossbar/neuron": np.nonzero(weights)[1], "crossbar/weight": weights[weights != 0],
            "route/begin": np.arange(n + 1), "route/kind": np.zeros(n), "route/core": np.zeros(n),
            "route/axon": channels + axons, "route/delay": np.ones(n),
            "input/begin": np.arange(channels + 1), "input/core": np.zeros(channels),
            "input/axon": np.arange(channels), "input/delay": np.zeros(channels),
            "poisson_table/begin": [0], "output/neuron": axons, "output/kind": np.zeros(n),
            "output/from": np.zeros(n), "output/to": np.zeros(n),
        }
        self.save(path, arrays, n)

    def save(self, path, arrays, n):
        """Writes all arrays of TYPES for n neurons of one population; those that are not given are empty."""
        with open(self.template, "rb") as file:
            body = io.BytesIO(file.read()[512:])
        with h5py.File(body, "r+") as file:
            file.attrs["drain_ticks"] = np.int64(0)
            for name, kind in TYPES.items():
                self._replace(file, name, np.asarray(arrays.get(name, []), dtype=kind))
            for name in file["neuron/capacitance"]:
                self._replace(file, f"neuron/capacitance/{name}", np.zeros(n))
            for name, value in [("name", "all"), ("model", "CubaLIF")]:
                del file[f"populations/{name}"]
                file.create_dataset(f"populations/{name}", data=[value], dtype=h5py.string_dtype())
            self._replace(file, "populations/size", np.array([n], dtype="i8"))
        data = body.getvalue()
        with open(self.template, "rb") as file:
            magic, version = file.read(8), struct.unpack("<I", file.read(4))[0]
        head = magic + struct.pack("<IIQI", version, 512, len(data), zlib.crc32(data))
        head += struct.pack("<I", zlib.crc32(head))
        with open(path, "wb") as file:
            file.write(head.ljust(512, b"\0") + data)

    @staticmethod
    def _replace(file, name, data):
        if name in file:
            del file[name]
        file.create_dataset(name, data=data)


class Record:
    """Spikes and potentials [samples, ticks, neurons] of a run record whose neurons were all probed."""

    def __init__(self, path, neurons):
        with h5py.File(path) as file:
            shape = (int(file.attrs["samples"]), int(file.attrs["chip_ticks"]), neurons)
            self.spikes = np.zeros(shape, dtype=int)
            where = tuple(file[f"spikes/{key}"][()] for key in ("sample", "tick", "neuron"))
            np.add.at(self.spikes, where, 1)
            self.potentials = file["potential/value"][()].reshape(shape)
            counters = file["counters"].attrs
            self.overflows = {key: int(counters[key]) for key in counters if "overflow" in key or "saturation" in key}
