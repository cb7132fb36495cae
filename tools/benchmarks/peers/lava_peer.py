"""Lava's fixed-point model of Loihi's neuron. Weights are doubled, with bias and threshold, because weights of both signs have no
lowest bit; the membrane has seven bits below ours. Its processes run at once; the time is that of all of them."""

import os
from pathlib import Path

import numpy as np
import scipy.sparse
from common import NEURONS, WORKLOAD, dense, measure, sparse, synapses
from lava.magma.core.run_conditions import RunSteps
from lava.magma.core.run_configs import Loihi1SimCfg
from lava.proc.dense.process import Dense
from lava.proc.io.source import RingBuffer
from lava.proc.lif.process import LIF
from lava.proc.sparse.process import Sparse
from lava.utils.weightutils import SignMode
from lava_counter import Counter

formats = {"num_weight_bits": 8, "sign_mode": SignMode.MIXED}
if WORKLOAD == "W1":
    weights, spikes = dense()
    connections = Dense(weights=2 * weights.T, **formats)
    neurons = LIF(shape=(NEURONS,), du=4095, dv=2048, vth=2 * 1000)
    source = RingBuffer(data=spikes.T.astype(int))
    source.s_out.connect(connections.s_in)
else:
    targets, weights, bias = sparse()
    by, to = synapses(targets)
    connections = Sparse(weights=scipy.sparse.csr_matrix((2 * weights.ravel(), (to, by)), (NEURONS, NEURONS)), **formats)
    neurons = LIF(shape=(NEURONS,), du=4095, dv=128, vth=2 * 1024, bias_mant=2 * bias, bias_exp=6)
    neurons.s_out.connect(connections.s_in)
connections.a_out.connect(neurons.a_in)
counter = Counter(NEURONS)
neurons.s_out.connect(counter.spikes_in)


def counted():
    # Before the processes are started, a number.
    return np.ravel(counter.count.get())[0]


def run(ticks):
    before = counted()
    neurons.run(condition=RunSteps(num_steps=ticks), run_cfg=Loihi1SimCfg(select_tag="fixed_pt"))
    return counted() - before


def processor_seconds():
    """Of this process and its children."""
    me = os.getpid()
    children = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    # User and system time.
    ticks = [Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[11:13] for process in [me, *children]]
    return sum(int(user) + int(system) for user, system in ticks) / os.sysconf("SC_CLK_TCK")


if WORKLOAD == "W1":
    # Starts the processes. A spike arrives a tick after it was sent.
    run(1)
measure(run, processor_seconds)
neurons.stop()
