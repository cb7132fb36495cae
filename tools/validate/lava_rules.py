"""Every potential and spike of random networks in the classes of Lava, the models that Intel calls bit-accurate.

PyLifModelBitAcc is run step by step without Lava's runtime: its own methods compute, this file only carries spikes.
It has no refractory time, so these networks have none; `LIFRefractory` exists in floating point alone."""

import sys

import numpy as np
from lava.proc.lif.models import PyLifModelBitAcc

from loihi_networks import TICKS, Network


def run(network):
    """Potentials and spikes [ticks, n], and how often u wrapped and v was clipped."""
    model = PyLifModelBitAcc.__new__(PyLifModelBitAcc)
    for name, value in dict(
        ds_offset=1, dm_offset=0, uv_bitwidth=24, max_uv_val=2**23, decay_shift=12, decay_unity=4096, vth_shift=6,
        act_shift=6, isbiasscaled=False, isthrscaled=False, effective_bias=0, effective_vth=0,
    ).items():
        setattr(model, name, value)
    n = network.n
    model.u, model.v = np.zeros(n, np.int32), np.zeros(n, np.int32)
    model.du, model.dv, model.vth = network.du, network.dv, network.vth.astype(np.int32)
    model.bias_mant, model.bias_exp = network.bias_mant, network.bias_exp
    model.scale_threshold()
    fired = np.zeros(n, int)
    potentials, spikes = [], []
    for tick in range(TICKS):
        sums = network.spikes[tick].astype(int) @ network.inputs + fired @ network.recurrent
        model.scale_bias()
        # The exponent and the last bit of mixed-sign weights; Lava's neuron shifts by the other 6.
        model.subthr_dynamics(activation_in=(sums << (network.shift - 6)).astype(np.int32))
        fired = model.spiking_activation()
        model.reset_voltage(spike_vector=fired)
        fired = fired.astype(int)
        potentials.append(model.v.copy())
        spikes.append(fired)
    return np.array(potentials), np.array(spikes)


if __name__ == "__main__":
    first, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    results = {"rests": False}
    for seed in range(first, first + count):
        network = Network(seed, rests=False)
        results[f"v{seed}"], results[f"s{seed}"] = run(network)
    np.savez(path, **results)
