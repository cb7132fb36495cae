"""Cycles per step of Xylo Audio 2 by Rockpool's own function, for the frozen networks of xylosim.

Usage: python xylo_cycles.py Tests/EmulatorTests/Golden/rules     needs rockpool==3.1.0; writes xylo_cycles.json there
"""

import importlib.util
import json
import sys
import types
from pathlib import Path

import numpy as np

OUTPUTS = 8


def rockpool():
    """The module of the cycle model alone: of samna, the chip's driver, it uses the name of a type."""
    driver = types.ModuleType("samna")
    driver.xyloCore2 = types.SimpleNamespace(configuration=types.SimpleNamespace(XyloConfiguration=object))
    sys.modules["samna"] = driver
    root = Path(importlib.util.find_spec("rockpool").origin).parent
    spec = importlib.util.spec_from_file_location("model", root / "devices/xylo/syns61201/power_cycles_model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def configuration(vector):
    recurrent = np.array(vector["recurrent"])
    part = types.SimpleNamespace
    return part(
        input=part(weights=np.array(vector["inputs"])),
        reservoir=part(weights=recurrent, neurons=[part(alias_target=None) for _ in recurrent]),
        readout=part(weights=np.zeros((len(recurrent), OUTPUTS))), synapse2_enable=False)


def main(folder):
    folder = Path(folder)
    model = rockpool()
    golden = []
    for vector in json.loads((folder / "xylosim.json").read_text()):
        cycles, _ = model.cycles_model(
            configuration(vector), np.array(vector["input"]), np.array(vector["spikes"]))
        golden.append({"seed": vector["seed"], "outputs": OUTPUTS, "cycles": float(cycles)})
    (folder / "xylo_cycles.json").write_text(
        "[\n" + ",\n".join(json.dumps(g) for g in golden) + "\n]\n")


if __name__ == "__main__":
    main(sys.argv[1])
