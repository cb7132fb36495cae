"""Brian2, C++ standalone, double precision. Its own count of seconds is that of the loop alone.

brian2_peer.py W1|W2|W3"""

import shutil
import tempfile

import brian2 as b2
import numpy as np
from brian2 import ms
from common import NEURONS, REPETITIONS, TICKS, WORKLOAD, dense, report, sparse

b2.BrianLogger.log_level_error()
for _ in range(REPETITIONS):
    folder = tempfile.mkdtemp()
    b2.set_device("cpp_standalone", directory=folder, build_on_run=False)
    b2.prefs.devices.cpp_standalone.openmp_threads = 0
    b2.defaultclock.dt = 1 * ms
    if WORKLOAD == "W1":
        weights, spikes = dense()
        tick, channel = np.nonzero(spikes)
        neurons = b2.NeuronGroup(NEURONS, "v:1\nI:1", threshold="v>1000", reset="v=0")
        neurons.run_regularly("v = 0.5*v + I; I = 0", when="start")
        source = b2.SpikeGeneratorGroup(1024, channel, tick * ms, dt=1 * ms)
        synapses = b2.Synapses(source, neurons, "w:1", on_pre="I += w")
        synapses.connect(i=np.repeat(np.arange(1024), 1024), j=np.tile(np.arange(1024), 1024))
        synapses.w = weights.ravel().astype(float)
    else:
        targets, weights, bias = sparse()
        neurons = b2.NeuronGroup(NEURONS, "v:1\nI:1\nb:1", threshold="v>1024", reset="v=0")
        neurons.b = bias
        neurons.run_regularly("v = v*0.96875 + b + I; I = 0", when="start")
        synapses = b2.Synapses(neurons, neurons, "w:1", on_pre="I += w")
        synapses.connect(i=np.repeat(np.arange(NEURONS), 100), j=targets.ravel())
        synapses.w = weights.ravel().astype(float)
    monitor = b2.SpikeMonitor(neurons, record=False)
    b2.run(TICKS * ms)
    b2.device.build(directory=folder, compile=True, run=True, debug=False)
    report("Brian2 C++ standalone", b2.device._last_run_time, monitor.num_spikes)
    b2.device.reinit()
    shutil.rmtree(folder)
