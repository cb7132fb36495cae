"""The same mapped networks with the same figures in SANA-FE and in Rheobase: spikes, energy by component, time per step.

Bounds: without a leak every spike is the same, and so are all event counts; where an event count is the same, its
energy agrees within 1 %. A leak rounds in Loihi's integers and not in SANA-FE's double precision, so there spikes may
differ, and are counted. Times are printed beside each other without a bound: SANA-FE schedules messages by a heuristic
model of the mesh, here the mesh runs cycle by cycle.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

import ours
import theirs
from mapped import Mapped
from networks import TICKS, Network
from program_file import OneCore

CHIP = "chips/loihi1-sanafe.json5"
DIGITS = Path("docs/examples/digits")
# Ticks without input after a digit, so that the network is quiet when the run ends.
QUIET = 8
TEMPLATE = """{ format: "rheobase-network", version: 1,
  populations: [ { name: "a", size: 1, model: "lif", capacitance: "1 nF", leakConductance: "100 nS", leakReversal: "0 V",
                   threshold: "1 V", reset: "0 V" } ],
  projections: [], stimuli: [], outputs: ["a"] }"""
COUNTS = ["synapticOperation", "neuronUpdate", "neuronActivity", "spikeReset", "packet", "hop"]
# The counts that a part of the energy is made of.
MADE_OF = {
    "synapse": ["synapticOperation"], "soma": ["neuronUpdate", "neuronActivity", "spikeReset"],
    "network": ["packet", "hop"],
}
BOUND = 0.01


class Case:
    """Sums over networks, or over samples of one."""

    def __init__(self, name, exact):
        self.name, self.exact = name, exact
        self.networks = self.spikes = self.differing = self.ticks = 0
        self.events = {side: dict.fromkeys(COUNTS, 0) for side in ("ours", "theirs")}
        self.joules = {side: dict.fromkeys(MADE_OF, 0.0) for side in ("ours", "theirs")}
        self.seconds = {"ours": [], "theirs": [], "simple": []}
        self.shape = ""

    def add(self, mapped, mine, other, simple):
        ticks = len(other.spikes)
        self.networks += 1
        self.ticks += ticks
        self.spikes += int(mine.spikes[:ticks].sum())
        self.differing += int(np.abs(mine.spikes[:ticks] - other.spikes).sum())
        for side, result in [("ours", mine), ("theirs", other)]:
            for key in COUNTS:
                self.events[side][key] += result.events[key]
            for key in MADE_OF:
                self.joules[side][key] += result.joules[key]
        self.seconds["ours"].append(mine.seconds[:ticks].mean())
        self.seconds["theirs"].append(other.seconds.mean())
        self.seconds["simple"].append(simple.seconds.mean())

    def report(self):
        """Prints the case and returns the bounds that fail."""
        failed = []
        print(f"\n{self.name}: {self.networks} runs, {self.ticks} steps, {self.spikes} spikes, {self.differing} differ")
        if self.exact and self.differing:
            failed.append(f"{self.name}: {self.differing} spikes differ")
        print(f"  {'events':20}{'Rheobase':>12}{'SANA-FE':>12}")
        same = {}
        for key in COUNTS:
            a, b = self.events["ours"][key], self.events["theirs"][key]
            same[key] = a == b
            print(f"  {key:20}{a:12}{b:12}{'' if a == b else f'{(a / b - 1):+12.3%}' if b else ''}")
            if self.exact and a != b:
                failed.append(f"{self.name}: {key} {a} here, {b} in SANA-FE")
        print(f"  {'energy':20}{'Rheobase':>12}{'SANA-FE':>12}{'difference':>12}  bound")
        for key, made_of in MADE_OF.items():
            a, b = self.joules["ours"][key], self.joules["theirs"][key]
            off = a / b - 1 if b else 0.0
            bounded = all(same[count] for count in made_of)
            print(f"  {key:20}{a * 1e9:9.2f} nJ{b * 1e9:9.2f} nJ{off:+12.4%}  {'1 %' if bounded else 'counts differ'}")
            if bounded and abs(off) > BOUND:
                failed.append(f"{self.name}: energy of {key} {off:+.2%}")
        a, b = (sum(self.joules[side].values()) for side in ("ours", "theirs"))
        print(f"  {'total':20}{a * 1e9:9.2f} nJ{b * 1e9:9.2f} nJ{a / b - 1:+12.4%}")
        mean = {key: np.mean(values) * 1e9 for key, values in self.seconds.items()}
        print(
            f"  time per step, without the barrier: Rheobase {mean['ours']:.1f} ns, SANA-FE {mean['theirs']:.1f} ns "
            f"(detailed), {mean['simple']:.1f} ns (simple)")
        return failed


def random_networks(program, folder, count):
    template, network, image = folder / "template.rbx", folder / "template.json5", folder / "random.rbx"
    network.write_text(TEMPLATE)
    ours.compile_network(program, network, CHIP, template, "--dt", "1ms")
    writer = OneCore(template)
    cases = [Case("random networks without leak", True), Case("random networks with leak", False)]
    for case, leaky in zip(cases, [False, True]):
        for seed in range(count):
            Network(seed, 16, 8, leaky).write(writer, image)
            mapped, silent = Mapped(image), np.zeros((TICKS, 1))
            mine = ours.Result(program, image, silent, folder, mapped.rows, mapped.chip)
            other = theirs.run(mapped, silent, TICKS)
            case.add(mapped, mine, other, theirs.run(mapped, silent, TICKS, "simple"))
    return cases


def digits(program, folder, count):
    image = folder / "digits.rbx"
    ours.compile_network(program, DIGITS / "digits.nir", CHIP, image, "--window", "none")
    mapped = Mapped(image)
    samples = np.load(DIGITS / "test.npz")["spikes"][:count].astype(int)
    case = Case("digits", False)
    for sample in samples:
        spikes = np.concatenate([sample, np.zeros((QUIET, sample.shape[1]), dtype=int)])
        mine = ours.Result(program, image, spikes, folder, mapped.rows, mapped.chip)
        ticks = len(mine.spikes)
        padded = np.concatenate([spikes, np.zeros((ticks - len(spikes), spikes.shape[1]), dtype=int)])
        other = theirs.run(mapped, padded, ticks)
        case.add(mapped, mine, other, theirs.run(mapped, padded, ticks, "simple"))
    return [case]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--networks", type=int, default=8)
    parser.add_argument("--samples", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = random_networks(arguments.program, folder, arguments.networks)
        cases += digits(arguments.program, folder, arguments.samples)
    failed = [line for case in cases for line in case.report()]
    print("\n" + ("\n".join(failed) if failed else "every bound holds"))
    sys.exit(1 if failed else 0)
