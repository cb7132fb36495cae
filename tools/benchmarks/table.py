"""Prints what was measured as a section of docs/performance.md."""

import os
import re
import statistics
import time
from pathlib import Path
from typing import NamedTuple, Optional

from simulators import SLOW_ROUNDS
from workloads import NEURONS

WORKLOADS = list(NEURONS)
TARGETS = [
    ("W1", "Rheobase", "C", 0.5),
    ("W1", "Rheobase", "SANA-FE detailed", 100),
    ("W2", "Rheobase, unicast", "SANA-FE detailed", 20),
    ("W2", "Rheobase, multicast", "SANA-FE detailed", 35),
    ("W2", "Rheobase, unicast", "SANA-FE cycle", 600),
    ("W2", "Rheobase, ideal mesh", "C flat", 0.5),
    ("W2", "Rheobase, ideal mesh", "C cores", 0.5),
    ("W2", "Rheobase, ideal mesh", "GeNN", 1),
    ("W2", "Rheobase, ideal mesh", "Brian2 C++ standalone", 1),
    ("W3", "Rheobase, unicast", "SANA-FE detailed", 30),
    ("W3", "Rheobase, multicast", "SANA-FE detailed", 55),
    ("W3", "Rheobase, ideal mesh", "C flat", 0.5),
    ("W3", "Rheobase, ideal mesh", "C cores", 0.5),
]


class Figures(NamedTuple):
    """Of one system on one workload."""
    rate: float
    mib: float
    # Spikes divided by the integer model's in the same ticks; none where that has none.
    spikes: Optional[float]

    def __str__(self):
        return (f"{self.rate:,.0f}" if self.rate >= 100 else f"{self.rate:.3g}") + (" ✓" if self.spikes == 1 else "")

    @property
    def deviation(self):
        return "–" if self.spikes is None else "the same" if self.spikes == 1 else f"{100 * (self.spikes - 1):+.1f} %"


def figures(system, results, golden):
    """`golden` has the integer model's spikes in the first 0, 1, … ticks."""
    expected = golden[sum(system.ticks)]
    # Should rounds differ, that which is farthest off.
    spikes = max((result.spikes for result in results), key=lambda count: abs(count - expected))
    return Figures(
        statistics.median(result.ticks_per_second for result in results), max(result.mib for result in results),
        spikes / expected if expected else None)


def print_section(measured, golden, pythons, rounds):
    """`measured` has pairs of a system and its results, `golden` the integer model's spikes by workload."""
    found, systems = {}, {}
    for system, results in measured:
        found[system.key, system.workload] = figures(system, results, golden[system.workload])
        systems.setdefault(system.key, system)
    # Ours first; each kind in the order of its first workload.
    systems = dict(sorted(systems.items(), key=lambda item: (item[1].simulator is not None, item[0].startswith("C"))))
    titles = {
        key: system.simulator.title(pythons[system.simulator.system]) if system.simulator else key
        for key, system in systems.items()}

    print(f"Machine: {machine()}. One thread, pinned; processor time of the ticks alone, median of {rounds} rounds, "
          f"of {min(rounds, SLOW_ROUNDS)} for simulators that take seconds.\n")
    header("system", "models", *WORKLOADS, "memory, MiB")
    for key, system in systems.items():
        row(titles[key], system.models, *(found.get((key, w), "") for w in WORKLOADS),
            " / ".join(f"{found[key, w].mib:.0f}" for w in WORKLOADS if (key, w) in found))

    print()
    header("simulator", "ticks timed", *(f"spikes, {w}" for w in WORKLOADS), "because")
    for key, system in systems.items():
        if system.simulator:
            timed = [str(ticks) for _, ticks in system.simulator.ticks.values()]
            row(titles[key], timed[0] if len(set(timed)) == 1 else " / ".join(timed),
                *(found[key, w].deviation if (key, w) in found else "" for w in WORKLOADS), system.simulator.differs)

    print()
    header("workload", "ratio", "target", "measured")
    for w, ours, theirs, target in TARGETS:
        if (ours, w) in found and (theirs, w) in found:
            ratio = found[ours, w].rate / found[theirs, w].rate
            row(w, f"{ours} / {theirs}", times(target, target), times(ratio, target) + ("" if ratio >= target else ", missed"))


def header(*cells):
    row(*cells)
    print("|---" * len(cells) + "|")


def row(*cells):
    print("| " + " | ".join(map(str, cells)) + " |")


def times(ratio, target):
    return f"{100 * ratio:.0f} %" if target < 1 else f"{ratio:.3g} x" if ratio < 100 else f"{ratio:.0f} x"


def machine():
    info = Path("/proc/cpuinfo").read_text()

    def field(name):
        return re.search(rf"^{name}\s*: (.*)$", info, re.MULTILINE).group(1)

    return (f"{field('model name')} (family {field('cpu family')}, model {field('model')}), {os.cpu_count()} processors, "
            f"{time.strftime('%Y-%m-%d')}")
