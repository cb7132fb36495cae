"""Random recurrent networks in Xylo's integers, drawn so that shifts, saturation and several spikes per step occur."""

import numpy as np

TICKS = 60


class Network:
    """dash_mem, dash_syn, bias, threshold [n]; weights of 8 bits; inputs of up to 15 spikes a step."""

    def __init__(self, seed):
        r = np.random.default_rng(seed)
        self.n = int(r.integers(1, 33))
        self.channels = int(r.integers(1, 17))
        strength = int(r.choice([4, 16, 127]))
        low, high = (-strength, strength) if r.random() < 0.5 else (-strength // 4, strength)
        self.inputs = r.integers(low, high, (self.channels, self.n)) * (r.random((self.channels, self.n)) < 0.7)
        self.recurrent = r.integers(low, high, (self.n, self.n)) * (r.random((self.n, self.n)) < 0.3)
        self.shift = int(r.integers(0, 4))
        self.dash_mem = r.integers(0, 16, self.n)
        self.dash_syn = r.integers(1, 16, self.n)
        self.bias = r.integers(-100, 200, self.n) * (r.random(self.n) < 0.5)
        self.threshold = r.integers(1, int(r.choice([50, 2000, 32767])), self.n)
        self.spikes = r.integers(0, 16, (TICKS, self.channels)) * (r.random((TICKS, self.channels)) < r.choice([0.02, 0.2, 0.9]))

    def codes(self):
        return dict(
            decay=1, decay_exponent=self.dash_mem, synapse_decay=1, synapse_decay_exponent=self.dash_syn,
            weight_exponent=self.shift, bias=self.bias, threshold=self.threshold, reset=self.threshold, reset_mode=1)
