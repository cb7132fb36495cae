"""Makes tick_pairs.csv: pairs of spike trains on a grid of 32 ticks, with the distances that PySpike 0.9.0 and
elephant 1.2.1 give for them. A spike of tick t is at t + 1/2; the unit of time is the tick.

    python3 make_tick_pairs.py > tick_pairs.csv        (pip install pyspike==0.9.0 elephant==1.2.1)
"""

import neo
import numpy as np
import pyspike
import quantities as pq
from elephant.spike_train_dissimilarity import van_rossum_distance, victor_purpura_distance

TICKS, TAU, COST = 32, 10.0, 0.1
rng = np.random.default_rng(20240607)


def pairs():
    yield [], []
    yield [], [3]
    yield [0], [31]
    yield [0], []
    yield [31], [30]
    yield [5, 5], [5]  # two spikes in one tick
    yield [5, 5, 9], [5, 9, 9]
    yield [0, 31], [0, 31]
    yield list(range(32)), list(range(0, 32, 2))
    for rate in (0.05, 0.15, 0.4):
        for shifted in (False, True):
            for _ in range(8):
                a = np.flatnonzero(rng.random(TICKS) < rate)
                b = np.flatnonzero(rng.random(TICKS) < rate)
                if shifted:
                    b = np.unique(np.clip(a + rng.integers(-1, 2, len(a)), 0, TICKS - 1))
                yield a.tolist(), b.tolist()


def train(ticks):
    return neo.SpikeTrain((np.array(ticks, float) + 0.5) * pq.s, t_start=0 * pq.s, t_stop=TICKS * pq.s)


print("a,b,van_rossum_tau10,victor_purpura_q0.1,isi_distance,spike_distance,spike_sync")
for a, b in pairs():
    both = [train(a), train(b)]
    x, y = (pyspike.SpikeTrain(np.array(t, float) + 0.5, [0, TICKS]) for t in (a, b))
    values = [
        van_rossum_distance(both, TAU * pq.s)[0, 1],
        victor_purpura_distance(both, COST / pq.s)[0, 1],
        pyspike.isi_distance(x, y),
        pyspike.spike_distance(x, y),
        pyspike.spike_sync(x, y),
    ]
    print(" ".join(map(str, a)), " ".join(map(str, b)), *(repr(float(v)) for v in values), sep=",")
