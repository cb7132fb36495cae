"""The three workloads of the speed table.

W1  1024 channels (a spike with p = 0.05 per tick), all to all, weights of 8 bits, onto 1024 neurons of one core:
    v' = floor(v / 2) + I, fires at v' > 1000, reset 0
W2  4096 neurons on 4 x 4 cores, 100 different targets each, weights of 8 bits:
    v' = v - floor(v / 32) + b + I(t - 1), b = 20 .. 60, fires at v' > 1024, reset 0
W3  16384 neurons, otherwise as W2
"""

import numpy as np

TICKS = 1000
NEURONS = {"W1": 1024, "W2": 4096, "W3": 16384}
# Output spikes of the integer model in 1000 ticks.
EXPECTED = {"W1": 37_236, "W2": 99_922, "W3": 404_085}


def golden(workload):
    """Output spikes of the integer model, per tick."""
    n = NEURONS[workload]
    v, counts = np.zeros(n, int), []
    if workload == "W1":
        weights, spikes = dense()
    else:
        targets, weights, bias = sparse(n)
        arrived = 0
    for t in range(TICKS):
        if workload == "W1":
            v = (v >> 1) + weights[spikes[t]].sum(0)
            fired = v > 1000
        else:
            v = v - (v >> 5) + bias + arrived
            fired = v > 1024
            arrived = np.bincount(targets[fired].ravel(), weights[fired].ravel(), n).astype(int)
        v[fired] = 0
        counts.append(np.count_nonzero(fired))
    return counts


def dense():
    """weights [source, target], and spikes [tick, channel]."""
    r = np.random.RandomState(1)
    return r.randint(-128, 128, (1024, 1024)), r.rand(TICKS, 1024) < 0.05


def sparse(n):
    """targets and weights [source, 100], bias [n]."""
    r = np.random.RandomState(2)
    # A choice is part of a permutation of all, which would be kept with it.
    targets = np.array([r.choice(n, 100, replace=False).copy() for _ in range(n)])
    return targets, r.randint(-128, 128, (n, 100)), r.randint(20, 61, n)
