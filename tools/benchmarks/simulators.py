"""The other simulators: what each models, how many ticks are timed, and why its spikes are not the integer model's."""

import subprocess
from typing import NamedTuple

import workloads

# Ticks that are skipped and that are timed: by default none and all.
ALL = dict.fromkeys(workloads.NEURONS, (0, workloads.TICKS))
# Most simulators take seconds; two rounds show that their figures repeat. What takes milliseconds needs more.
SLOW_ROUNDS, QUICK_ROUNDS = 2, 5


class Simulator(NamedTuple):
    # Its script is peers/SYSTEM_peer.py.
    system: str
    package: str
    name: str
    models: str
    differs: str
    mode: str = ""
    # Fewer where all would take minutes, and not the first, in which no neuron of W2 and W3 fires.
    ticks: dict = ALL
    # At most.
    rounds: int = SLOW_ROUNDS

    @property
    def key(self):
        return f"{self.name} {self.mode}".strip()

    def title(self, python):
        """The name with the version that `python` has."""
        version = subprocess.run(
            [python, "-c", f"from importlib.metadata import version; print(version('{self.package}'))"],
            capture_output=True, text=True).stdout.strip()
        return " ".join(filter(None, [self.name, version, self.mode]))


def sanafe(mode, models, ticks):
    return Simulator(
        "sanafe", "sanafe", "SANA-FE", models, "potentials are rounded toward 0 at 1/64", mode, ticks)


LOIHI = "potentials are rounded toward 0 at 1/128"
SIMULATORS = [
    sanafe("simple", "function, energy, time without contention", dict.fromkeys(ALL, (100, 200))),
    sanafe("detailed", "the same, contention by a rule of thumb", dict.fromkeys(ALL, (100, 200))),
    sanafe("cycle", "the same, mesh cycle by cycle (BookSim2)", {"W1": (100, 3), "W2": (100, 20), "W3": (100, 5)}),
    Simulator("lava", "lava-nc", "Lava", "Loihi's integers", LOIHI,
              # The first tick starts processes.
              ticks=ALL | dict.fromkeys(["W2", "W3"], (1, workloads.TICKS - 1))),
    Simulator("brian2-loihi", "brian2-loihi", "brian2-loihi", "Loihi's integers", LOIHI),
    Simulator("nengo-loihi", "nengo-loihi", "nengo-loihi", "Loihi's integers",
              "weights are rounded at another scale, potentials at a finer one", ticks=ALL | {"W3": (50, 50)}),
    Simulator("xylosim", "xylosim", "xylosim", "Xylo's integers", "synaptic currents last; reset by subtraction"),
    Simulator("paibox", "paibox", "PAIBox", "PAICORE's integers", "nothing decays; thresholds are higher",
              ticks={"W1": (0, 200), "W2": (0, 50), "W3": (0, 3)}),
    Simulator("nest", "nest-simulator", "NEST", "function, double precision", "nothing is rounded"),
    Simulator("genn", "pygenn", "GeNN", "function, single precision, C++ made for the network", "", rounds=QUICK_ROUNDS),
    Simulator("brian2", "brian2", "Brian2 C++ standalone", "function, double precision, C++ made for the network", "",
              rounds=QUICK_ROUNDS),
]
