"""Random recurrent networks in Loihi's integers, drawn so that leaks, wraps, clips and refractory times all occur."""

import numpy as np

TICKS = 60

class Network:
    """du, dv, bias_mant, bias_exp, vth, refractory [n]; weights are mantissas of the mixed-sign mode: twice the
    weight code, times 2^wgt_exp (0 or -1) and 2^6 on their way to the current."""

    def __init__(self, seed, rests):
        r = np.random.default_rng(seed)
        self.n = int(r.integers(1, 33))
        self.channels = int(r.integers(1, 33))
        strength = int(r.choice([4, 16, 64, 128]))
        low, high = (-strength, strength) if r.random() < 0.5 else (-strength // 4, strength)
        self.inputs = r.integers(low, high, (self.channels, self.n)) * (r.random((self.channels, self.n)) < 0.7)
        self.recurrent = r.integers(low, high, (self.n, self.n)) * (r.random((self.n, self.n)) < 0.5)

        self.wgt_exp = int(r.integers(-1, 1))
        self.du = r.choice([0, 1, 100, 1000, 2047, 4095], self.n) if r.random() < 0.7 else r.integers(0, 4096, self.n)
        self.dv = r.choice([0, 1, 128, 2048, 4095], self.n) if r.random() < 0.7 else r.integers(0, 4096, self.n)
        self.bias_mant = r.integers(-4096, 4096, self.n) * (r.random(self.n) < 0.5)
        self.bias_exp = r.integers(0, 8, self.n)
        # Some thresholds are out of reach, so that v meets its clip.
        self.vth = np.where(r.random(self.n) < 0.2, 131071, r.integers(0, int(r.choice([50, 2000, 40000])), self.n))
        self.refractory = r.integers(0, 4, self.n) * (r.random(self.n) < 0.5) * rests
        self.spikes = r.random((TICKS, self.channels)) < r.choice([0.02, 0.2, 0.9])

    def codes(self):
        return dict(
            decay=self.dv, decay_exponent=12, synapse_decay=self.du + 1, synapse_decay_exponent=12,
            weight_exponent=self.shift, bias=self.bias, threshold=self.vth << 6, refractory=self.refractory)

    @property
    def bias(self):
        return self.bias_mant << self.bias_exp

    @property
    def shift(self):
        """What a weight code is shifted by until it is a current."""
        return 7 + self.wgt_exp
