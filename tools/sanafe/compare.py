"""The same mapped networks with the same figures in SANA-FE and in Rheobase: spikes, energy by component, time per step.

Prints Markdown. Bounds: the chip file has the figures that SANA-FE ships for Loihi; without a leak every spike is the
same, and so are all event counts; where the counts of a part are the same, its energy agrees within 1 %, and where they are
not, SANA-FE's energy agrees within 1 % with the prices of the chip file for SANA-FE's own counts. A leak rounds in Loihi's
integers and not in SANA-FE's double precision, so there spikes differ, and are counted: then every spike of SANA-FE must be
that of double precision, and every spike of Rheobase that of Loihi's rounding (arithmetic.py). Times are printed beside each
other without a bound: SANA-FE schedules messages by a heuristic model of the mesh, here the mesh runs cycle by cycle.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

import arithmetic
import ours
import theirs
from architecture import differences, number
from mapped import Mapped
from networks import TICKS, Network
from program_file import OneCore

CHIP = "chips/loihi1-sanafe.json5"
DIGITS = Path("docs/examples/digits")
TEMPLATE = """{ format: "rheobase-network", version: 1,
  populations: [ { name: "a", size: 1, model: "lif", capacitance: "1 nF", leakConductance: "100 nS", leakReversal: "0 V",
                   threshold: "1 V", reset: "0 V" } ],
  projections: [], stimuli: [], outputs: ["a"] }"""
COUNTS = ["synapticOperation", "neuronUpdate", "neuronActivity", "spikeReset", "packet", "hop", "verticalHop"]
# The counts that a part of the energy is made of.
MADE_OF = {
    "synapse": ["synapticOperation"], "soma": ["neuronUpdate", "neuronActivity", "spikeReset"],
    "network": ["packet", "hop", "verticalHop"],
}
BOUND = 0.01


def off(a, b, digits):
    """a relative to b in words; a difference that rounds to nothing is none."""
    text = f"{a / b - 1 if a != b else 0:+.{digits}%}"
    return "none" if float(text[:-1]) == 0 else text.replace("%", " %")


class Case:
    """Sums over networks, or over samples of one."""

    def __init__(self, name, exact):
        self.name, self.exact = name, exact
        self.runs = self.steps = self.spikes = self.differing = 0
        # Spikes that are not those of the arithmetic that they should be of.
        self.strange = {"ours": 0, "theirs": 0}
        self.events = {side: dict.fromkeys(COUNTS, 0) for side in ("ours", "theirs")}
        self.joules = {side: dict.fromkeys(MADE_OF, 0.0) for side in ("ours", "theirs")}
        self.seconds = {"ours": [], "detailed": [], "simple": []}
        self.prices = {}

    def add(self, mapped, inputs, mine, other, simple):
        steps = len(other.spikes)
        self.runs += 1
        self.steps += steps
        self.spikes += int(mine.spikes[:steps].sum())
        self.differing += int(np.abs(mine.spikes[:steps] - other.spikes).sum())
        for side, result in [("ours", mine), ("theirs", other)]:
            expected = arithmetic.spikes(mapped, inputs, steps, rounded=side == "ours")
            self.strange[side] += int(np.abs(result.spikes[:steps] - expected).sum())
            for key in COUNTS:
                self.events[side][key] += result.events[key]
            for key in MADE_OF:
                self.joules[side][key] += result.joules[key]
        self.seconds["ours"].append(mine.seconds[:steps].mean())
        self.seconds["detailed"].append(other.seconds.mean())
        self.seconds["simple"].append(simple.seconds.mean())
        self.prices = {key: number(mapped.chip["energy"][key]) for key in COUNTS}

    def report(self):
        """Prints the case and returns the bounds that fail."""
        failed = []
        print(
            f"\n**{self.name.capitalize()}**: {self.runs} runs, {self.steps} steps, {self.spikes} spikes; {self.differing} spikes "
            f"in one of the two only. Other than Loihi's rounding gives, here: {self.strange['ours']}; other than double "
            f"precision gives, in SANA-FE: {self.strange['theirs']}.\n")
        print("| | Rheobase | SANA-FE | difference |\n|---|---:|---:|---:|")
        if self.exact and self.differing:
            failed.append(f"{self.name}: {self.differing} spikes differ")
        if any(self.strange.values()):
            failed.append(f"{self.name}: spikes of another arithmetic, {self.strange}")
        for key in COUNTS:
            a, b = self.events["ours"][key], self.events["theirs"][key]
            print(f"| `{key}` | {a} | {b} | {off(a, b, 3)} |")
            if self.exact and a != b:
                failed.append(f"{self.name}: {key} {a} here, {b} in SANA-FE")
        for key, made_of in MADE_OF.items():
            a, b = self.joules["ours"][key], self.joules["theirs"][key]
            same = all(self.events["ours"][count] == self.events["theirs"][count] for count in made_of)
            priced = a if same else sum(self.prices[count] * self.events["theirs"][count] for count in made_of)
            print(f"| energy, {key} | {a * 1e9:.2f} nJ | {b * 1e9:.2f} nJ | {off(a, b, 4)} |")
            if abs(priced / b - 1) > BOUND:
                failed.append(f"{self.name}: energy of {key} {priced / b - 1:+.2%} for the same counts")
        a, b = (sum(self.joules[side].values()) for side in ("ours", "theirs"))
        print(f"| energy, total | {a * 1e9:.2f} nJ | {b * 1e9:.2f} nJ | {off(a, b, 4)} |")
        mean = {key: float(np.mean(values)) for key, values in self.seconds.items()}
        for model in ("detailed", "simple"):
            print(
                f"| time per step, `{model}` | {mean['ours'] * 1e9:.0f} ns | {mean[model] * 1e9:.0f} ns "
                f"| {off(mean['ours'], mean[model], 0)} |")
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
            case.add(mapped, silent, mine, other, theirs.run(mapped, silent, TICKS, "simple"))
    return cases, [f"the chip file is not SANA-FE's Loihi: {line}" for line in differences(Mapped(template).chip)]


def digits(program, folder, count):
    image = folder / "digits.rbx"
    ours.compile_network(program, DIGITS / "digits.nir", CHIP, image, "--window", "none")
    mapped = Mapped(image)
    samples = np.load(DIGITS / "test.npz")["spikes"][:count].astype(int)
    case = Case("digits", False)
    for sample in samples:
        # SANA-FE's inputs act from its second step on.
        spikes = np.concatenate([np.zeros((1, sample.shape[1]), dtype=int), sample])
        mine = ours.Result(program, image, spikes, folder, mapped.rows, mapped.chip)
        ticks = len(mine.spikes)
        padded = np.concatenate([spikes, np.zeros((ticks - len(spikes), spikes.shape[1]), dtype=int)])
        other = theirs.run(mapped, padded, ticks)
        case.add(mapped, padded, mine, other, theirs.run(mapped, padded, ticks, "simple"))
    return [case]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--networks", type=int, default=8)
    parser.add_argument("--samples", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases, failed = random_networks(arguments.program, folder, arguments.networks)
        cases += digits(arguments.program, folder, arguments.samples)
    failed += [line for case in cases for line in case.report()]
    print("\n" + ("\n".join(f"Failed: {line}." for line in failed) if failed else "Every bound holds."))
    sys.exit(1 if failed else 0)
