"""nengo-loihi's emulator: Loihi's integers. Weights of both signs have no lowest bit."""

import warnings

warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import scipy.sparse  # noqa: E402
from common import NEURONS, TICKS, WORKLOAD, dense, measure, sparse, synapses  # noqa: E402
from nengo_loihi.block import Axon, LoihiBlock, Synapse  # noqa: E402
from nengo_loihi.builder import Model  # noqa: E402
from nengo_loihi.builder.discretize import discretize_model  # noqa: E402
from nengo_loihi.emulator import EmulatorInterface  # noqa: E402
from nengo_loihi.inputs import SpikeInput  # noqa: E402

model = Model()


def block(n, decay, threshold):
    made = LoihiBlock(n)
    cell = made.compartment
    cell.decay_u[:], cell.scale_u, cell.decay_v[:], cell.scale_v = 1.0, False, decay, False
    cell.vth[:], cell.refract_delay[:], cell.vmin = threshold, 1, -2**22
    model.add_block(made)
    return made


if WORKLOAD == "W1":
    weights, spikes = dense()
    source = SpikeInput(1024)
    for t in range(TICKS):
        source.add_spikes(t + 1, np.flatnonzero(spikes[t]), permanent=True)
    model.add_input(source)
    neurons = block(1024, 0.5, 1000)
    synapse = Synapse(1024)
    synapse.set_weights(weights.astype(np.float32))
    neurons.add_synapse(synapse)
    axon = Axon(1024)
    axon.target = synapse
    source.add_axon(axon)
else:
    targets, weights, bias = sparse()
    width = max(256, NEURONS // 16)
    blocks = [block(width, 1 / 32, 1024) for _ in range(NEURONS // width)]
    for k, made in enumerate(blocks):
        made.compartment.bias[:] = bias[k * width:(k + 1) * width]
    (source, target), weight = synapses(targets), weights.ravel()
    for to, receiver in enumerate(blocks):
        for by, sender in enumerate(blocks):
            some = (target // width == to) & (source // width == by)
            m = scipy.sparse.coo_matrix(
                (weight[some].astype(np.float32), (source[some] % width, target[some] % width)), (width, width)).tocsr()
            synapse = Synapse(width)
            rows = [slice(m.indptr[i], m.indptr[i + 1]) for i in range(width)]
            synapse._set_weights_indices([m.data[row][None, :] for row in rows], [m.indices[row] for row in rows])
            receiver.add_synapse(synapse)
            axon = Axon(width)
            axon.target = synapse
            sender.add_axon(axon)
discretize_model(model)
emulator = EmulatorInterface(model, seed=0)


def run(ticks):
    before = emulator.compartment.spike_count.sum()
    emulator.run_steps(ticks)
    return emulator.compartment.spike_count.sum() - before


measure(run)
