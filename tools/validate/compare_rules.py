"""Runs the networks of another system in Rheobase and compares every potential and spike."""

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

import loihi_networks
import xylo_networks
from program_file import OneCore, Record

NETWORK = """{ format: "rheobase-network", version: 1,
  populations: [ { name: "a", size: 1, model: "cubalif", capacitance: "1 nF", leakConductance: "100 nS", leakReversal: "0 V",
                   synapticTimeConstant: "10 ms", threshold: "1 V", reset: "0 V" } ],
  projections: [], stimuli: [], outputs: ["a"] }"""


def template(program, chip, settings, folder):
    """A compiled program of the chip, whose rules every other one takes over."""
    network, path = folder / "network.json5", folder / "template.rbx"
    network.write_text(NETWORK)
    command = [program, "compile", network, "--chip", chip, "--dt", "1ms", "-o", path]
    for setting in settings:
        command += ["--set", setting]
    subprocess.run(command, check=True, capture_output=True)
    return path


def run(program, writer, network, folder):
    """The network's potentials and spikes [ticks, n] in Rheobase."""
    image, record, spikes = folder / "program.rbx", folder / "record.h5", folder / "spikes.npz"
    writer.write(image, network.inputs, network.recurrent, **network.codes())
    np.savez(spikes, spikes=network.spikes.astype(np.uint8))
    subprocess.run(
        [program, "run", image, "--input", spikes, "--probe", "all", "-o", record], check=True, capture_output=True)
    result = Record(record, network.n)
    return result.potentials[0], result.spikes[0], result.overflows


def main(program, chips, theirs, *settings):
    theirs = np.load(theirs)
    xylo = "rests" not in theirs
    if not xylo:
        rests = bool(theirs["rests"])
        networks = lambda seed: loihi_networks.Network(seed, rests)
    else:
        networks = xylo_networks.Network
    seeds = sorted(int(name[1:]) for name in theirs if name.startswith("v"))
    differing, fired, states, overflows, compared, set_aside = [], 0, 0, Counter(), 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writer = OneCore(template(program, chips, settings, folder))
        for seed in seeds:
            potentials, spikes, lost = run(program, writer, networks(seed), folder)
            overflows.update(lost)
            if xylo and lost["synapse_overflows"] > 0:
                set_aside += 1
                continue
            compared += 1
            fired += spikes.sum()
            states += potentials.size
            if (potentials != theirs[f"v{seed}"]).any() or (spikes != theirs[f"s{seed}"]).any():
                tick, neuron = np.argwhere((potentials != theirs[f"v{seed}"]) | (spikes != theirs[f"s{seed}"]))[0]
                differing.append(
                    f"network {seed}: neuron {neuron} in tick {tick}: v {potentials[tick, neuron]}, "
                    f"there {theirs[f'v{seed}'][tick, neuron]}")
    print(f"{compared} networks, {states} potentials, {fired} spikes: {len(differing)} networks differ")
    print("overflows on the way: " + ", ".join(f"{count} {name}" for name, count in overflows.items()))
    if set_aside:
        print(f"{set_aside} more, in which a synaptic current saturated, are not compared (docs/chips.md says why)")
    print("\n".join(differing[:20]))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
