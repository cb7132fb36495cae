"""Makes the NIRGraphData files nir_data_*.h5 beside this file, and what is in them as tables.

    python3 make_nir_data.py        (pip install nir==1.0.8 h5py)
"""

import h5py
import nir
import numpy as np

DT = 1e-3
rng = np.random.default_rng(9)
first = rng.random((2, 12, 3)) < 0.2
second = rng.random((2, 12, 2)) < 0.3
counts = rng.poisson(0.4, (2, 12, 2))


def table(name, spikes):
    samples, ticks, channels = spikes.shape
    with open(name, "w") as file:
        file.write(f"# samples={samples} ticks={ticks} channels={channels}\nsample,tick,channel,count\n")
        for sample, tick, channel in np.argwhere(spikes):
            file.write(f"{sample},{tick},{channel},{int(spikes[sample, tick, channel])}\n")


def events(spikes):
    """Spikes at the middle of their tick, in no particular order, with some that are absent between them."""
    made = nir.TimeGriddedData(spikes, DT).to_event(int(spikes.sum()), time_shift=0.0005)
    order = rng.permutation(made.idx.shape[1])
    return nir.EventData(made.idx[:, order], made.time[:, order], made.n_neurons, made.t_max)


def valued(spikes):
    made = events(spikes > 0)
    value = np.zeros(made.idx.shape)
    for sample, event in np.argwhere(made.idx >= 0):
        tick = int(made.time[sample, event] / DT)
        value[sample, event] = spikes[sample, tick, made.idx[sample, event]]
    return nir.ValuedEventData(made.idx, made.time, made.n_neurons, made.t_max, value)


def node(**observables):
    return nir.NIRNodeData(observables)


potential = nir.TimeGriddedData(rng.normal(size=(2, 12, 3)), DT)
files = {
    "gridded": {"input": node(spikes=nir.TimeGriddedData(first, DT))},
    "events": {"input": node(spikes=events(first), v=potential)},
    "valued": {"input": node(out=valued(counts))},
    "nodes": {
        "first": node(spikes=events(first)),
        "second": node(spikes=nir.TimeGriddedData(second, DT)),
        "traces": node(v=potential, i=potential),
    },
}
for name, nodes in files.items():
    nir.write_data(f"nir_data_{name}.h5", nir.NIRGraphData(nodes))
# write_data of nir 1.0.8 does not end on a graph within a graph, so that one is put together from another file.
with h5py.File("nir_data_nodes.h5", "a") as whole, h5py.File("nir_data_valued.h5") as part:
    part.copy("nodes/input", whole, "nodes/sub/nodes/inner")
    whole["nodes/sub"].attrs["__type__"] = "NIRGraphData"
inner = nir.read_data("nir_data_nodes.h5").nodes["sub"].nodes["inner"].observables["out"]
assert (inner.to_time_gridded(DT).data == counts).all()

# The first samples of the bundled example: what goes in, and what snnTorch's outputs fired.
with np.load("../../../docs/examples/digits/test.npz") as test:
    spikes, outputs = (nir.TimeGriddedData(test[name][:4] > 0, 1e-4) for name in ("spikes", "out_spikes"))
digits = {"input": node(spikes=spikes.to_event(int(spikes.data.sum(axis=(1, 2)).max()))), "lif2": node(spikes=outputs)}
nir.write_data("nir_data_digits.h5", nir.NIRGraphData(digits))
print("output spikes per sample:", outputs.data.sum(axis=(1, 2)))

table("nir_data_first.csv", first)
table("nir_data_counts.csv", counts)
table("nir_data_joined.csv", np.concatenate([second, first], axis=2))
