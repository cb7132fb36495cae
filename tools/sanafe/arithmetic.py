"""A mapped network in NumPy, in double precision or with Loihi's rounding: whose spikes are whose arithmetic."""

import numpy as np


def spikes(mapped, inputs, ticks, rounded):
    """v ← D(v) + input + bias, a spike where v > threshold, v ← 0; D(v) = v·(1 − leak), rounded toward zero or not.

    inputs [ticks, channels]. Returns [ticks, rows].
    """
    def matrix(axons, sources):
        weights = np.zeros((sources, mapped.rows))
        for source, _, rows, values in axons:
            np.add.at(weights, (source, rows), values)
        return weights

    recurrent = matrix(mapped.synapses, mapped.rows)
    feeding = matrix(mapped.inputs, mapped.channels)
    v = np.zeros(mapped.rows)
    fired = np.zeros((ticks + 1, mapped.rows), dtype=int)
    for tick in range(ticks):
        held = v * (1.0 - mapped.leak)
        v = (np.trunc(held) if rounded else held) + fired[tick - 1] @ recurrent + inputs[tick] @ feeding + mapped.bias
        fired[tick] = v > mapped.threshold
        v[fired[tick] == 1] = 0
    return fired[:ticks]
