"""A process of Lava that counts spikes. It has a folder of its own because Lava runs every file beside that of a process, in search of
models."""

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.ports import PyInPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.process.ports.ports import InPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol


class Counter(AbstractProcess):
    def __init__(self, neurons):
        super().__init__()
        self.spikes_in = InPort(shape=(neurons,))
        self.count = Var(shape=(1,), init=0)


@implements(proc=Counter, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class CounterModel(PyLoihiProcessModel):
    spikes_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, bool, precision=1)
    count: np.ndarray = LavaPyType(np.ndarray, int)

    def run_spk(self):
        self.count[0] += np.count_nonzero(self.spikes_in.recv())
