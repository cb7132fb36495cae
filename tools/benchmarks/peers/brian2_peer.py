"""Brian2, C++ standalone, double precision. The decay is rounded as in the integer model. Its own count of processor time is that of
the loop alone, and of all ticks."""

import shutil
import tempfile

import brian2 as b2
import numpy as np
from brian2 import ms
from common import NEURONS, TICKS, WORKLOAD, dense, report, sparse, synapses

folder = tempfile.mkdtemp()
b2.BrianLogger.log_level_error()
b2.set_device("cpp_standalone", directory=folder, build_on_run=False)
b2.prefs.devices.cpp_standalone.openmp_threads = 0
b2.defaultclock.dt = 1 * ms
if WORKLOAD == "W1":
    weights, spikes = dense()
    tick, channel = np.nonzero(spikes)
    neurons = b2.NeuronGroup(NEURONS, "v:1\nI:1", threshold="v>1000", reset="v=0")
    neurons.run_regularly("v = floor(v/2) + I; I = 0", when="start")
    # In each tick spikes first, then what they add, then the neurons.
    source = b2.SpikeGeneratorGroup(1024, channel, tick * ms, dt=1 * ms, when="start", order=-2)
    connections = b2.Synapses(source, neurons, "w:1", on_pre="I += w")
    connections.pre.when, connections.pre.order = "start", -1
    connections.connect(i=np.repeat(np.arange(1024), NEURONS), j=np.tile(np.arange(NEURONS), 1024))
else:
    targets, weights, bias = sparse()
    neurons = b2.NeuronGroup(NEURONS, "v:1\nI:1\nb:1", threshold="v>1024", reset="v=0")
    neurons.b = bias
    neurons.run_regularly("v = v - floor(v/32) + b + I; I = 0", when="start")
    connections = b2.Synapses(neurons, neurons, "w:1", on_pre="I += w")
    source, target = synapses(targets)
    connections.connect(i=source, j=target)
connections.w = weights.ravel().astype(float)
monitor = b2.SpikeMonitor(neurons, record=False)
b2.run(TICKS * ms)
b2.device.build(directory=folder, compile=True, run=True, debug=False)
report(b2.device._last_run_time, monitor.num_spikes)
shutil.rmtree(folder)
