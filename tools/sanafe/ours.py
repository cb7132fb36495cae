"""Rheobase runs an image: spikes, event counts and energies of its record and report."""

import json
import subprocess

import h5py
import numpy as np

from architecture import number

PARTS = {
    "synapse": ["rowRead", "synapticOperation"],
    "soma": ["neuronUpdate", "neuronActivity", "spikeReset"],
    "network": ["packet", "hop", "verticalHop", "delivery"],
}


def compile_network(program, network, chip, image, *options):
    subprocess.run([program, "compile", network, "--chip", chip, "-o", image, *options], check=True, capture_output=True)


class Result:
    def __init__(self, program, image, spikes, folder, rows, chip):
        inputs, record, report = folder / "spikes.npz", folder / "record.h5", folder / "report.json"
        np.savez(inputs, spikes=spikes.astype(np.uint8)[None])
        subprocess.run(
            [program, "run", image, "--input", inputs, "-o", record, "--json", report], check=True, capture_output=True)
        with h5py.File(record) as file:
            ticks = int(file.attrs["chip_ticks"])
            self.spikes = np.zeros((ticks, rows), dtype=int)
            np.add.at(self.spikes, (file["spikes/tick"][()], file["spikes/neuron"][()]), 1)
            cycles = file["tick/cycles"][()].reshape(-1).astype(float)
            counters = file["counters"].attrs
            lost = {key: int(counters[key]) for key in counters if "overflow" in key or "saturation" in key}
        assert not any(lost.values()), f"registers of the chip are too narrow for the network: {lost}"
        with open(report) as file:
            self.breakdown = {item["component"]: item for item in json.load(file)["energy"]["breakdown"]}
        self.events = {key: item["events"] for key, item in self.breakdown.items()}
        self.joules = {
            part: sum(self.breakdown[c].get("joules", 0.0) for c in components if c in self.breakdown)
            for part, components in PARTS.items()}
        # The barrier is apart: what is compared is what cores and mesh take.
        barrier = number(chip["timing"]["barrierCycles"])
        self.seconds = (cycles - barrier) / number(chip["timing"]["clock"])
