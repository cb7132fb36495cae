"""Runs the networks of another system in Rheobase and compares every potential and spike."""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from loihi_networks import TICKS, Network
from program_file import OneCore, Record

NETWORK = """{ format: "rheobase-network", version: 1,
  populations: [ { name: "a", size: 1, model: "lif", capacitance: "1 nF", leakConductance: "1 nS", leakReversal: "0 V",
                   threshold: "1 V", reset: "0 V" } ],
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
    writer.write(
        image, network.inputs, network.recurrent, TICKS,
        decay=network.dv, decay_exponent=12, synapse_decay=network.du + 1, synapse_decay_exponent=12,
        weight_exponent=network.shift, bias=network.bias, threshold=network.vth << 6, refractory=network.refractory,
        stop=0,
    )
    np.savez(spikes, spikes=network.spikes.astype(np.uint8))
    subprocess.run(
        [program, "run", image, "--input", spikes, "--probe", "all", "-o", record], check=True, capture_output=True)
    result = Record(record, network.n)
    return result.potentials[0], result.spikes[0]


def main(program, chips, theirs, *settings):
    theirs = np.load(theirs)
    rests = bool(theirs["rests"])
    seeds = sorted(int(name[1:]) for name in theirs if name.startswith("v"))
    differing, fired, states = [], 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writer = OneCore(template(program, chips, settings, folder))
        for seed in seeds:
            potentials, spikes = run(program, writer, Network(seed, rests), folder)
            fired += spikes.sum()
            states += potentials.size
            if (potentials != theirs[f"v{seed}"]).any() or (spikes != theirs[f"s{seed}"]).any():
                tick, neuron = np.argwhere((potentials != theirs[f"v{seed}"]) | (spikes != theirs[f"s{seed}"]))[0]
                differing.append(
                    f"network {seed}: neuron {neuron} in tick {tick}: v {potentials[tick, neuron]}, "
                    f"there {theirs[f'v{seed}'][tick, neuron]}")
    print(f"{len(seeds)} networks, {states} potentials, {fired} spikes: {len(differing)} networks differ")
    print("\n".join(differing[:20]))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
