"""Times Rheobase, the C kernel and the peers that are given on W1, W2 and W3, in turns, on one thread, and prints a section
of docs/performance.md.

measure.py PROGRAM FOLDER ROUNDS [SYSTEM=PYTHON ...]

PROGRAM is the rheobase to measure, FOLDER a place for images and the C kernel, SYSTEM sanafe, brian2, xylosim or
nengo-loihi, each with the Python that has it."""

import json
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import images
import workloads

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PIN = ["taskset", "-c", "0"]
SAMPLES = 5
NETWORK = """{ format: "rheobase-network", version: 1, name: "template",
  populations: [{ name: "all", size: 1, model: "lif", capacitance: "1 pF", leakConductance: "50 pS", leakReversal: "0 mV",
                  threshold: "10 mV", reset: "0 mV" }], projections: [], outputs: ["all"] }"""


def run(command, **environment):
    """What the command prints, and the largest memory that it took, MiB."""
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(
            PIN + [str(part) for part in command], stdout=out, stderr=subprocess.STDOUT, env=os.environ | environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if child.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{text}")
    return text, usage.ru_maxrss / 1024


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "network.json5").write_text(NETWORK)
        common = ["mesh.width=4", "mesh.height=4", "datapath.decayRounding=floor"]
        self.in_a_process(
            images.write_dense, self.template("W1", common + ["core.axons=1024", "core.neurons=1024", "datapath.decayOf=retained"]),
            self.folder / "W1.rbx", self.folder / "W1.npz", self.folder / "W1.bin", SAMPLES)
        for name in ["W2", "W3"]:
            n = workloads.NEURONS[name]
            for kind, multicast in [("unicast", "false"), ("multicast", "true")]:
                size = [f"core.axons={n}", f"core.neurons={n // 16}", f"mesh.multicast={multicast}"]
                self.in_a_process(
                    images.write_sparse, self.template(name, common + size), self.folder / f"{name}.{kind}.rbx", self.folder / f"{name}.bin", n)
        for name, flags in [("limit", ["-march=native"]), ("limit-generic", [])]:
            subprocess.run(
                ["cc", "-O3", *flags, "-o", self.folder / name, HERE / "limit.c"], check=True)

    def in_a_process(self, write, *arguments):
        """Because a child's memory is at least what its parent has had."""
        process = multiprocessing.Process(target=write, args=arguments)
        process.start()
        process.join()
        if process.exitcode != 0:
            sys.exit(process.exitcode)

    def template(self, name, settings):
        image = self.folder / f"{name}.template.rbx"
        chip = ROOT / "chips/tessera-d.json5"
        run([self.program, "compile", self.folder / "network.json5", "--chip", chip, "-o", image]
            + [part for setting in settings for part in ("--set", setting)])
        return image

    def rheobase(self, workload, image, mesh):
        """Seconds per tick, spikes per sample, MiB."""
        inputs = ["--input", self.folder / "W1.npz"] if workload == "W1" else ["--samples", SAMPLES, "--ticks", workloads.TICKS]
        report = self.folder / "run.json"
        text, memory = run([self.program, "run", self.folder / f"{image}.rbx", *inputs, "--threads", 1, "--mesh", mesh,
                            "--profile", "--json", report])
        value, unit, ticks = re.search(r"host +([\d.e+-]+) (m|u|)s of processor time in .*?, (\d+) ticks", text).groups()
        seconds = float(value) * {"": 1, "m": 1e-3, "u": 1e-6}[unit]
        return seconds / int(ticks), json.loads(report.read_text())["spikes"]["total"] / SAMPLES, memory

    def limit(self, workload, *rest, program="limit"):
        text, memory = run([self.folder / program, workload, self.folder / f"{workload}.bin", 3, *rest])
        spikes, *seconds = text.split()
        return statistics.median(map(float, seconds)) / workloads.TICKS, int(spikes), memory

    def peer(self, system, python, mode, workload):
        ticks = PEER_TICKS.get(mode, workloads.TICKS)
        script = HERE / "peers" / f"{system.replace('-', '_')}_peer.py"
        text, memory = run(
            [python, "-B", script, workload, *([mode] if mode else [])], TICKS=str(ticks), REPETITIONS="1")
        result = json.loads(re.search(r"^RESULT (.*)$", text, re.MULTILINE).group(1))
        return result["seconds"] / ticks, result["spikes"] if ticks == workloads.TICKS else None, memory


# Name, what it models, and how many ticks are enough for what is slow.
PEERS = {
    "sanafe": [("simple", "SANA-FE 2.2.9 simple", "function, energy, time without contention"),
               ("detailed", "SANA-FE 2.2.9 detailed", "the same with heuristic contention"),
               ("cycle", "SANA-FE 2.2.9 cycle", "the same with BookSim2")],
    "xylosim": [("", "xylosim 0.1.3", "Xylo's integers")],
    "nengo-loihi": [("", "nengo-loihi 1.1.0", "Loihi's integers")],
    "brian2": [("", "Brian2 C++ standalone", "function, double precision")],
}
# Other simulators take minutes per round; two rounds show that their figures repeat.
PEER_ROUNDS = 2
PEER_NAMES = {name for modes in PEERS.values() for _, name, _ in modes}
TOO_SLOW = {("nengo-loihi", "W3")}
PEER_TICKS = {"simple": 200, "detailed": 200, "cycle": 5}


def systems(bench, peers):
    """(workload, name, what it models, function that measures it once)."""
    mesh = "function, energy, time cycle by cycle"
    for w in workloads.NEURONS:
        if w == "W1":
            yield w, "Rheobase", mesh, lambda: bench.rheobase("W1", "W1", "cycles")
        else:
            yield w, "Rheobase, unicast", mesh, lambda w=w: bench.rheobase(w, f"{w}.unicast", "cycles")
            yield w, "Rheobase, multicast", mesh, lambda w=w: bench.rheobase(w, f"{w}.multicast", "cycles")
        image = "W1" if w == "W1" else f"{w}.multicast"
        yield w, "Rheobase, ideal mesh", "function, energy, time of the cores", (
            lambda w=w, image=image: bench.rheobase(w, image, "ideal"))
        layouts = [[]] if w == "W1" else [["flat"], ["cores"]]
        for layout in layouts:
            name = " ".join(["C", *layout])
            yield w, name, "crossbar and neurons, nothing else", lambda w=w, l=layout: bench.limit(w, *l)
            yield w, f"{name}, generic", "the same for any x86-64", (
                lambda w=w, l=layout: bench.limit(w, *l, program="limit-generic"))
        for system, python in peers.items():
            for mode, name, models in PEERS[system]:
                if (system, w) not in TOO_SLOW:
                    yield w, name, models, lambda w=w, s=system, p=python, m=mode: bench.peer(s, p, m, w)


def main():
    program, folder, rounds, *rest = sys.argv[1:]
    bench = Bench(Path(program).resolve(), folder)
    rows = list(systems(bench, dict(pair.split("=", 1) for pair in rest)))
    found = [[] for _ in rows]
    for turn in range(int(rounds)):
        for i, (workload, name, _, measure) in enumerate(rows):
            if name in PEER_NAMES and turn >= PEER_ROUNDS:
                continue
            found[i].append(measure())
            if sys.stderr.isatty():
                print(f"\rround {turn + 1} of {rounds}: {workload} {name}\033[K", end="", file=sys.stderr)
    print_section(rows, found)


def print_section(rows, found):
    rate = {}
    names = dict.fromkeys((name, models) for _, name, models, _ in rows)
    cells, memory, spikes = {}, {}, {}
    for (workload, name, _, _), results in zip(rows, found):
        rate[name, workload] = 1 / statistics.median(seconds for seconds, _, _ in results)
        memory[name, workload] = max(mib for _, _, mib in results)
        counts = {count for _, count, _ in results}
        spikes[name, workload] = counts.pop() if len(counts) == 1 else None
        exact = spikes[name, workload] == workloads.EXPECTED[workload]
        cells[name, workload] = f"{rate[name, workload]:,.{0 if rate[name, workload] >= 100 else 2}f}{' ✓' if exact else ''}"
        if name.startswith(("Rheobase", "C")) and not exact:
            sys.exit(f"{name} on {workload}: {spikes[name, workload]} spikes, expected {workloads.EXPECTED[workload]}")
    print(f"Machine: {machine()}. One thread, pinned; processor time of the ticks alone, median of {len(found[0])} rounds, "
          f"of {PEER_ROUNDS} for other simulators.\n")
    print("| system | models | W1 | W2 | W3 | memory, MiB |\n|---|---|---|---|---|---|")
    for name, models in names:
        row = [cells.get((name, w), "") for w in workloads.NEURONS]
        mib = " / ".join(f"{memory[name, w]:.0f}" for w in workloads.NEURONS if (name, w) in memory)
        print(f"| {name} | {models} | {' | '.join(row)} | {mib} |")
    print("\n| workload | ratio | target | measured |\n|---|---|---|---|")
    for workload, ours, theirs, target in TARGETS:
        if (ours, workload) in rate and (theirs, workload) in rate:
            ratio = rate[ours, workload] / rate[theirs, workload]
            shown = f"{100 * ratio:.0f} %" if target < 1 else f"{ratio:.1f} x"
            wanted = f"{100 * target:.0f} %" if target < 1 else f"{target} x"
            print(f"| {workload} | {ours} / {theirs} | {wanted} | {shown}{'' if ratio >= target else ', missed'} |")


DETAILED, CYCLE = "SANA-FE 2.2.9 detailed", "SANA-FE 2.2.9 cycle"
TARGETS = [
    ("W1", "Rheobase", "C", 0.5), ("W1", "Rheobase", DETAILED, 100),
    ("W2", "Rheobase, unicast", DETAILED, 20), ("W2", "Rheobase, multicast", DETAILED, 35),
    ("W2", "Rheobase, unicast", CYCLE, 600), ("W2", "Rheobase, ideal mesh", "C flat", 0.5),
    ("W2", "Rheobase, ideal mesh", "C cores", 0.5), ("W2", "Rheobase, ideal mesh", "Brian2 C++ standalone", 1),
    ("W3", "Rheobase, unicast", DETAILED, 30), ("W3", "Rheobase, multicast", DETAILED, 55),
    ("W3", "Rheobase, ideal mesh", "C flat", 0.5), ("W3", "Rheobase, ideal mesh", "C cores", 0.5),
]


def machine():
    info = Path("/proc/cpuinfo").read_text()
    def field(name):
        return re.search(rf"^{name}\s*: (.*)$", info, re.MULTILINE).group(1)
    return (f"{field('model name')} (family {field('cpu family')}, model {field('model')}), {os.cpu_count()} processors, "
            f"{time.strftime('%Y-%m-%d')}")


if __name__ == "__main__":
    main()
