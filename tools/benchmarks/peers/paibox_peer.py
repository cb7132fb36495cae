"""PAIBox: PAICORE's integers. Its neurons have a constant leak only, so nothing decays and the thresholds are higher, for about as
many spikes. Every synapse is multiplied in every tick, those that are missing too."""

import numpy as np
import paibox as pb
from common import NEURONS, WORKLOAD, dense, measure, sparse, synapses


class Network(pb.Network):
    def __init__(self):
        super().__init__()
        if WORKLOAD == "W1":
            weights, spikes = dense()
            spikes = spikes.astype(np.uint8)
            self.source = pb.InputProj(input=lambda t, **_: spikes[t - 1], shape_out=(1024,))
            self.neurons = pb.LIF((NEURONS,), threshold=1350, neg_threshold=-1350, reset_v=0)
        else:
            targets, values, bias = sparse()
            weights = np.zeros((NEURONS, NEURONS), np.int8)
            weights[synapses(targets)] = values.ravel()
            self.neurons = pb.LIF((NEURONS,), threshold=1640, neg_threshold=-1640, reset_v=0, bias=bias.astype(np.int32))
            self.source = self.neurons
        self.synapses = pb.FullConn(self.source, self.neurons, weights=weights.astype(np.int8), conn_type=pb.SynConnType.All2All)


network = Network()
simulator = pb.Simulator(network)


def run(ticks):
    spikes = 0
    for _ in range(ticks):
        simulator.run(1)
        spikes += np.count_nonzero(network.neurons.spike)
    return spikes


measure(run)
