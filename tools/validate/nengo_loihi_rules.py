"""Every potential and spike of random networks in nengo-loihi's emulator, which reproduced the chip for its authors."""

import sys
import warnings

import numpy as np
from nengo_loihi.block import Axon, LoihiBlock, Synapse
from nengo_loihi.builder import Model
from nengo_loihi.emulator import EmulatorInterface
from nengo_loihi.inputs import SpikeInput

from loihi_networks import TICKS, Network


def synapse(weights, network):
    """Weights as the emulator holds them: shifted all the way to the current."""
    result = Synapse(weights.shape[0])
    result.set_weights(weights.astype(np.float32))
    for row, codes in zip(result.weights, weights):
        row.dtype = np.int32
        row[:] = codes << network.shift
    return result


def run(network):
    block = LoihiBlock(network.n)
    c = block.compartment
    for name, values in dict(
        decay_u=network.du, decay_v=network.dv, vth=network.vth << 6, bias=network.bias,
        refract_delay=network.refractory + 1,
    ).items():
        setattr(c, name, np.array(values, dtype=np.int32))
    c.scale_u = c.scale_v = False
    # The largest range that v has: exponents 23 and 7.
    c.vmin, c.vmax = -(2**23) + 1, 2**23 - 1
    model = Model()
    model.add_block(block)
    spikes_in = SpikeInput(network.channels)
    # An input spike of step t arrives in step t + 1; the first step hears none.
    for tick in range(TICKS):
        spikes_in.add_spikes(tick + 1, np.flatnonzero(network.spikes[tick]), permanent=True)
    model.add_input(spikes_in)
    for weights, source in [(network.inputs, spikes_in), (network.recurrent, block)]:
        target = synapse(weights, network)
        block.add_synapse(target)
        axon = Axon(weights.shape[0])
        axon.target = target
        source.add_axon(axon)
    emulator = EmulatorInterface(model, seed=0)
    potentials, spikes = [], []
    for step in range(TICKS + 1):
        emulator.run_steps(1)
        if step == 0:
            # Everything begins in the second step.
            state = emulator.compartment
            for values in (state.current, state.voltage, state.spiked, state.ref_count):
                values[:] = 0
            continue
        potentials.append(emulator.compartment.voltage.copy())
        spikes.append(emulator.compartment.spiked.astype(int))
    return np.array(potentials), np.array(spikes)


if __name__ == "__main__":
    # It warns of every overflow, which these networks have on purpose.
    warnings.simplefilter("ignore")
    first, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    results = {"rests": True}
    for seed in range(first, first + count):
        results[f"v{seed}"], results[f"s{seed}"] = run(Network(seed, rests=True))
    np.savez(path, **results)
