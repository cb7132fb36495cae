"""Times Rheobase, the C kernel and the simulators that are given on W1, W2 and W3, in turns, on one thread, and prints a section
of docs/performance.md.

measure.py PROGRAM FOLDER ROUNDS [SYSTEM=PYTHON ...]

PROGRAM is the rheobase to measure, FOLDER a place for images and the C kernel, SYSTEM one of simulators.py with a Python that has
it."""

import json
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Callable, NamedTuple, Optional

import images
import table
import workloads
from simulators import ALL, SIMULATORS, Simulator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PIN = ["taskset", "-c", "0"]
SAMPLES = 5
NETWORK = """{ format: "rheobase-network", version: 1, name: "template",
  populations: [{ name: "all", size: 1, model: "lif", capacitance: "1 pF", leakConductance: "50 pS", leakReversal: "0 mV",
                  threshold: "10 mV", reset: "0 mV" }], projections: [], outputs: ["all"] }"""


class Failed(Exception):
    pass


class Result(NamedTuple):
    ticks_per_second: float
    spikes: float
    mib: float


class System(NamedTuple):
    """What is measured on one workload. `measure()` does it once."""
    workload: str
    key: str
    models: str
    measure: Callable[[], Result]
    # None where it is ours.
    simulator: Optional[Simulator] = None

    @property
    def ticks(self):
        """Those that are skipped, and those that are timed."""
        return (self.simulator.ticks if self.simulator else ALL)[self.workload]


def run(command):
    """What the command prints, and the largest memory that one of its processes took, MiB."""
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(PIN + [str(part) for part in command], stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if child.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}\n{text}")
    return text, usage.ru_maxrss / 1024


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "network.json5").write_text(NETWORK)
        self.golden = {}
        for workload in workloads.NEURONS:
            progress(f"writing {workload}")
            self.golden[workload] = self.write_golden(workload)
            self.write_programs(workload)
        for name, flags in [("limit", ["-march=native"]), ("limit-generic", [])]:
            run(["cc", "-O3", *flags, "-o", self.folder / name, HERE / "limit.c"])

    def write_golden(self, workload):
        """The integer model's output spikes in the first 0, 1, … ticks."""
        file = self.folder / f"{workload}.golden"
        self.in_a_process(images.write_golden, file, workload)
        golden = [int(line) for line in file.read_text().split()]
        if golden[workloads.TICKS] != workloads.EXPECTED[workload]:
            raise Failed(f"{workload}: this numpy makes another network")
        return golden

    def write_programs(self, workload):
        n, plain = workloads.NEURONS[workload], self.folder / f"{workload}.bin"
        if workload == "W1":
            template = self.template(n, n, "datapath.decayOf=retained")
            self.in_a_process(images.write_dense, template, self.folder / "W1.rbx", self.folder / "W1.npz", plain, SAMPLES)
            return
        for kind, multicast in [("unicast", "false"), ("multicast", "true")]:
            template = self.template(n, n // images.SIDE**2, f"mesh.multicast={multicast}")
            self.in_a_process(images.write_sparse, template, self.folder / f"{workload}.{kind}.rbx", plain, n)

    def in_a_process(self, write, *arguments):
        """Because a child's memory is at least what its parent has had."""
        process = multiprocessing.Process(target=write, args=arguments)
        process.start()
        process.join()
        if process.exitcode != 0:
            raise Failed(f"{write.__name__} failed")

    def template(self, axons, neurons, setting):
        image = self.folder / "template.rbx"
        settings = [f"mesh.width={images.SIDE}", f"mesh.height={images.SIDE}", "datapath.decayRounding=floor",
                    f"core.axons={axons}", f"core.neurons={neurons}", setting]
        run([self.program, "compile", self.folder / "network.json5", "--chip", ROOT / "chips/tessera-d.json5", "-o", image]
            + [part for setting in settings for part in ("--set", setting)])
        return image

    def rheobase(self, workload, image, mesh):
        sparse = ["--samples", SAMPLES, "--ticks", workloads.TICKS]
        inputs = ["--input", self.folder / "W1.npz"] if workload == "W1" else sparse
        report = self.folder / "run.json"
        text, mib = run([self.program, "run", self.folder / f"{image}.rbx", *inputs, "--threads", 1, "--mesh", mesh,
                         "--profile", "--json", report])
        value, unit, ticks = re.search(r"host +([\d.e+-]+) (m|u|)s of processor time in .*?, (\d+) ticks", text).groups()
        seconds = float(value) * {"": 1, "m": 1e-3, "u": 1e-6}[unit]
        return Result(int(ticks) / seconds, json.loads(report.read_text())["spikes"]["total"] / SAMPLES, mib)

    def limit(self, program, workload, *layout):
        text, mib = run([self.folder / program, workload, self.folder / f"{workload}.bin", 3, *layout])
        spikes, *seconds = text.split()
        return Result(workloads.TICKS / statistics.median(map(float, seconds)), int(spikes), mib)

    def simulator(self, simulator, python, workload):
        skipped, timed = simulator.ticks[workload]
        script = HERE / "peers" / f"{simulator.system.replace('-', '_')}_peer.py"
        text, mib = run([python, "-B", script, workload, skipped, timed, simulator.mode])
        line = re.search(r"^RESULT (.*)$", text, re.MULTILINE)
        if not line:
            raise Failed(text)
        result = json.loads(line.group(1))
        return Result(timed / result["seconds"], result["spikes"], mib)


def systems(bench, pythons):
    """Every system, first with W1, then with W2, then with W3."""
    for w in workloads.NEURONS:
        programs = {f"Rheobase, {kind}": f"{w}.{kind}" for kind in ["unicast", "multicast"]}
        if w == "W1":
            programs = {"Rheobase": "W1"}
        for name, image in programs.items():
            yield System(w, name, "function, energy, time cycle by cycle", partial(bench.rheobase, w, image, "cycles"))
        yield System(w, "Rheobase, ideal mesh", "function, energy, time of the cores", partial(bench.rheobase, w, image, "ideal"))
        for layout in [[]] if w == "W1" else [["flat"], ["cores"]]:
            name = " ".join(["C", *layout])
            yield System(w, name, "crossbar and neurons, nothing else", partial(bench.limit, "limit", w, *layout))
            yield System(
                w, f"{name}, generic", "the same for any x86-64", partial(bench.limit, "limit-generic", w, *layout))
        for simulator in SIMULATORS:
            if simulator.system in pythons:
                measure = partial(bench.simulator, simulator, pythons[simulator.system], w)
                yield System(w, simulator.key, simulator.models, measure, simulator)


def progress(text):
    """A line that the next one replaces, on a terminal; else a line."""
    print(*(["\r", text, "\033[K"] if sys.stderr.isatty() else [text, "\n"]), sep="", end="", file=sys.stderr, flush=True)


def in_turns(todo, rounds):
    """Every system with the results of its rounds, without those simulators that failed."""
    results, failed = [[] for _ in todo], set()
    for turn in range(rounds):
        for i, system in enumerate(todo):
            if i in failed or (system.simulator and turn >= system.simulator.rounds):
                continue
            progress(f"round {turn + 1} of {rounds}: {system.workload} {system.key}")
            try:
                result = system.measure()
            except Failed as problem:
                if not system.simulator:
                    raise
                failed.add(i)
                progress(f"measure: left out: {system.key} on {system.workload}: {problem}\n")
                continue
            expected = workloads.EXPECTED[system.workload]
            if not system.simulator and result.spikes != expected:
                raise Failed(f"{system.key} on {system.workload}: {result.spikes} spikes, expected {expected}")
            results[i].append(result)
    progress("")
    return [(system, found) for i, (system, found) in enumerate(zip(todo, results)) if i not in failed]


def main():
    program, folder, rounds, *rest = sys.argv[1:]
    rounds, pythons = int(rounds), dict(pair.split("=", 1) for pair in rest)
    bench = Bench(Path(program).resolve(), folder)
    measured = in_turns(list(systems(bench, pythons)), rounds)
    table.print_section(measured, bench.golden, pythons, rounds)


if __name__ == "__main__":
    try:
        main()
    except Failed as problem:
        sys.exit(f"\nmeasure: {problem}")
