"""A chip file as an architecture of SANA-FE: the same grid, energies and times, one core to a tile."""

import copy
import tempfile
from importlib.resources import files
from pathlib import Path

import sanafe
import yaml

UNITS = {"J": 1.0, "Hz": 1.0}


def number(constant):
    """An entry of a resolved chip, in SI units."""
    value = constant["value"] if isinstance(constant, dict) else constant
    if isinstance(value, str):
        digits, unit = value.split()
        return float(digits) * UNITS[unit]
    return float(value)


class Architecture:
    """Every tile has the chip's core, and a host beside it whose input neurons cost nothing.

    The host stands for `input.port` direct: an input spike is a message of SANA-FE without a hop and without energy.
    """

    def __init__(self, chip, channels):
        self.width, self.height = int(number(chip["mesh"]["width"])), int(number(chip["mesh"]["height"]))
        energy, timing = chip["energy"], chip["timing"]
        cycle = 1 / number(timing["clock"])

        def time(key):
            return number(timing[key]) * cycle

        hop, vertical = number(energy["hop"]), number(energy["hop"]) + number(energy["verticalHop"])
        along = number(chip["mesh"]["hopCycles"]) * cycle
        tile = {}
        for direction, joules in [("east", hop), ("west", hop), ("north", vertical), ("south", vertical)]:
            tile[f"energy_{direction}_hop"], tile[f"latency_{direction}_hop"] = joules, along
        active = time("activeNeuronCycles") - time("neuronCycles")
        soma = {
            "model": "leaky_integrate_fire",
            "energy_access_neuron": number(energy["neuronUpdate"]), "latency_access_neuron": time("neuronCycles"),
            "energy_update_neuron": number(energy["neuronActivity"]), "latency_update_neuron": active,
            "energy_spike_out": number(energy["spikeReset"]), "latency_spike_out": time("spikeCycles"),
        }
        message = number(energy["packet"]), number(chip["mesh"]["injectionCycles"]) * cycle
        synapse = number(energy["synapticOperation"]), time("synapseCycles")
        units = {
            "axon_in": [{"name": "in", "attributes": {
                "energy_message_in": number(energy["rowRead"]), "latency_message_in": time("axonCycles")}}],
            "synapse": [{"name": "synapse", "attributes": {
                "model": "current_based", "energy_process_spike": synapse[0], "latency_process_spike": synapse[1]}}],
            "dendrite": [{"name": "dendrite", "attributes": {
                "model": "accumulator", "energy_update": 0.0, "latency_update": 0.0}}],
        }
        self.tree = {"architecture": {
            "name": "chip",
            "attributes": {
                "topology": "mesh", "width": self.width, "height": self.height, "link_buffer_size": 16,
                "sync_model": "fixed", "latency_sync": 0.0},
            "tile": [{
                "name": f"tile[0..{self.width * self.height - 1}]", "attributes": tile,
                "core": [
                    self.core("core", units, [{"name": "lif", "attributes": soma}], *message),
                    self.core("host", units, [self.input(soma, channels)], 0.0, 0.0),
                ]}],
        }}

    @staticmethod
    def core(name, units, soma, joules, seconds):
        out = {"energy_message_out": joules, "latency_message_out": seconds}
        return {
            "name": name,
            "attributes": {"buffer_position": "soma", "buffer_inside_unit": False, "max_neurons_supported": 4096},
            # Copies: SANA-FE does not follow the references that YAML makes of shared parts.
            **copy.deepcopy(units), "soma": soma, "axon_out": [{"name": "out", "attributes": out}]}

    @staticmethod
    def input(soma, channels):
        nothing = {key: 0.0 for key in soma if key != "model"}
        return {"name": f"input[0..{max(channels, 2) - 1}]", "attributes": {"model": "input", **nothing}}

    def load(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "chip.yaml"
            path.write_text(yaml.safe_dump(self.tree, sort_keys=False))
            return sanafe.load_arch(str(path))

    def core_at(self, x, y):
        """Number of the core at (x, y) in SANA-FE's order, which counts tiles along y first; the host is the next one."""
        return 2 * (x * self.height + y)


def differences(chip):
    """Where the chip file's figures are not those of the Loihi that the installed SANA-FE ships."""
    tree = yaml.safe_load((files("sanafe.examples") / "loihi.yaml").read_text())["architecture"]
    tile = tree["tile"][0]
    core = tile["core"][0]

    def unit(kind, name):
        return next(u["attributes"] for u in core[kind] if u["name"] == name)

    ours = Architecture(chip, 0).tree["architecture"]["tile"][0]["core"][0]
    synapse, lif, out = unit("synapse", "loihi_dense_synapse"), unit("soma", "loihi_lif"), unit("axon_out", "loihi_out")
    pairs = [
        (ours["synapse"][0]["attributes"], synapse), (ours["soma"][0]["attributes"], lif),
        (ours["axon_out"][0]["attributes"], out), (ours["axon_in"][0]["attributes"], unit("axon_in", "loihi_in"))]
    energies = {key: value for key, value in tile["attributes"].items() if key.startswith("energy")}
    pairs.append((Architecture(chip, 0).tree["architecture"]["tile"][0]["attributes"], energies))
    return [
        f"{key}: {mine[key]:g} in the chip file, {float(value):g} in SANA-FE"
        for mine, other in pairs for key, value in other.items()
        if key != "model" and abs(mine[key] - float(value)) > 1e-9 * abs(float(value))]
