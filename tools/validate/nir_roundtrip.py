"""Exports networks as the chip computes them and compares the files with the programs and with the program's own run.

For every network and way of treating parasitics:
1. `rheobase compile NETWORK -o PROGRAM --export-nir FILE`; `nir.read` takes the file, type checks on.
2. Every number of the file equals the program's codes in the network's unit (nir_image.py), to 1e-12 of itself.
3. An evaluator of NIR graphs of its own (nir_evaluator.py) runs the file on the spikes. The totals of spikes, per
   population and in all, are those of `rheobase check FILE`, without a difference.
4. The classes are right as often as the chip's, within a percentage point.
"""

import json
import pathlib
import subprocess
import sys

import nir
import numpy as np

from nir_evaluator import NEURONS, run
from nir_image import Image

DT = 1e-4
DIGITS = "docs/examples/digits"
GOLDEN = "Tests/NetworkFormatsTests/Golden"


def rheobase(*words, status=0):
    result = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True)
    if result.returncode != status:
        sys.exit(f"rheobase {' '.join(map(str, words))} ended with {result.returncode}:\n{result.stderr}")
    return result


def check(network, spikes, parasitics):
    return json.loads(
        rheobase("check", network, "--input", spikes, "--parasitics", parasitics, "--json", "-").stdout
    )


def expect(holds, what):
    if not holds:
        sys.exit(f"nir_roundtrip: {what}")


def close(a, b, what):
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    bound = 1e-12 * np.maximum(np.abs(a), np.abs(b)) + 1e-15
    expect((np.abs(a - b) <= bound).all(), f"{what}: {a.ravel()[:4]} in the file, {b.ravel()[:4]} in the program")


def compare_numbers(graph, image):
    """Every parameter of every node against the image's codes."""
    sources = {}
    for source, target in graph.edges:
        sources.setdefault(target, []).append(source)
    compared = 0
    for p, name in enumerate(image.names):
        node, rows = graph.nodes[name], image.rows(p)
        expect(isinstance(node, NEURONS), f"{name} is a {type(node).__name__}")
        amplitude = node.r.ravel()
        leaks = not isinstance(node, (nir.I, nir.IF))
        cuba = isinstance(node, (nir.CubaLI, nir.CubaLIF))
        if leaks:
            tau = (node.tau_mem if cuba else node.tau).ravel()
            close(DT / tau, image.decay[rows], f"{name}: dt/tau")
            amplitude = amplitude * DT / tau
        else:
            close(image.decay[rows], 0, f"{name}: decay of a neuron without leak")
        if cuba:
            close(DT / node.tau_syn.ravel(), image.synapse_decay[rows], f"{name}: dt/tau_syn")
            amplitude = amplitude * DT / node.tau_syn.ravel() * node.w_in.ravel()
        # NIR starts at 0, so the voltages of a membrane that starts elsewhere count from there.
        start = image.start[rows]
        if hasattr(node, "v_threshold"):
            close(node.v_threshold.ravel() + start, image.threshold[rows], f"{name}: v_threshold")
            close(node.v_reset.ravel() + start, image.reset[rows], f"{name}: v_reset")
        drive = (node.v_leak.ravel() + start) * DT / tau if leaks else np.zeros(len(rows))
        for before in sources[name]:
            between = graph.nodes[before]
            (origin,) = sources[before]
            while isinstance(graph.nodes[origin], (nir.Flatten, nir.Delay)):
                (origin,) = sources[origin]
            if isinstance(between, nir.Scale):
                weight = np.diag(between.scale.ravel())
            else:
                weight = between.weight
            code = image.names.index(origin) if origin in image.names else "input"
            codes = image.matrix(code, p, weight.shape[1])
            steps = weight * amplitude[:, None]
            close(steps, codes * image.step_per_code[rows][:, None], f"{before}: weights as steps of {name}")
            compared += np.count_nonzero(codes)
            if isinstance(between, nir.Affine):
                settled = between.bias * amplitude
                drive = drive + (settled / (DT / node.tau_syn.ravel()) if cuba else settled)
        close(drive, image.drive[rows], f"{name}: constant drive")
    expect(compared == len(image.codes), f"{compared} of {len(image.codes)} synapses are in the file")
    return compared


def compare_spikes(graph, file, report, spikes):
    """Totals of this evaluator and of `rheobase check FILE`; returns the summed outputs [samples, outputs]."""
    sums = run(graph, spikes, DT)
    seconds = spikes.shape[0] * spikes.shape[1] * DT
    total = 0
    for population in report["populations"]:
        node = graph.nodes[population["name"]]
        if not hasattr(node, "v_threshold"):
            continue
        counted = int(sums[population["name"]].sum())
        size = int(np.prod(node.v_threshold.shape))
        theirs = round(population["referenceHz"] * seconds * size)
        expect(counted == theirs, f"{file}: {population['name']} fired {counted} times here, {theirs} there")
        total += counted
    expect(total == report["reference"]["spikes"], f"{file}: {total} spikes here, not those of check")
    expect(total > 1000, f"{file}: only {total} spikes")
    (output,) = graph.outputs
    (read,) = [source for source, target in graph.edges if target == output]
    sums = sums[read].reshape(spikes.shape[0], -1)
    if "outputSpikes" in report["reference"]:
        expect(int(sums.sum()) == report["reference"]["outputSpikes"], f"{file}: output spikes differ")
    else:
        close(sums.sum(), report["reference"]["outputPotential"], f"{file}: output potential")
    return sums, total


def exported(network, parasitics):
    """Compiles and exports; returns the line's beginning, the file, its graph and how many weights it was compared in."""
    name = f"{pathlib.Path(network).stem}-{parasitics}"
    file, program = OUT / f"{name}.nir", OUT / f"{name}.rbx"
    rheobase("compile", network, "--parasitics", parasitics, "-o", program, "--export-nir", file)
    graph = nir.read(file)
    return name, file, graph, compare_numbers(graph, Image(program))


def validate(network, spikes_file, parasitics, edges=None):
    name, file, graph, synapses = exported(network, parasitics)
    if edges is not None:
        expect(set(graph.edges) == set(edges), f"{file}: edges {graph.edges}")
    data = np.load(spikes_file)
    report = check(file, spikes_file, "ignore")
    sums, total = compare_spikes(graph, file, report, data["spikes"])
    line = f"{name:28} {len(graph.nodes):2} nodes, {synapses:5} weights, {total:6} spikes: equal"
    if "labels" in data:
        right = int((sums.argmax(axis=1) == data["labels"]).sum())
        expect(right == report["reference"]["correct"], f"{file}: {right} right here, not those of check")
        chip = check(network, spikes_file, parasitics)["chip"]["correct"]
        expect(abs(right - chip) <= 0.01 * len(sums), f"{file}: {right} right, the chip has {chip}")
        line += f"; {right} of {len(sums)} right, the chip {chip}"
    print(line, flush=True)


def zoo():
    """A network of all node types that the bundled ones lack, with random weights, and spikes for it."""
    random = np.random.default_rng(7)

    def full(value, n):
        return np.full(n, float(value))

    nodes = {
        "image": nir.Input(input_type={"input": np.array([2, 4])}),
        "gain": nir.Scale(scale=random.uniform(0.3, 0.9, (2, 4))),
        "first": nir.LIF(
            tau=full(5e-4, (2, 4)), r=full(6, (2, 4)), v_leak=full(0.2, (2, 4)),
            v_threshold=full(1, (2, 4)), v_reset=full(-0.1, (2, 4)),
        ),
        "flat": nir.Flatten(input_type={"input": np.array([2, 4])}, start_dim=0, end_dim=-1),
        "affine": nir.Affine(weight=random.normal(0.3, 0.5, (12, 8)), bias=random.normal(0, 0.1, 12)),
        "cuba": nir.CubaLIF(
            tau_syn=full(4e-4, 12), tau_mem=full(1e-3, 12), r=full(5, 12), v_leak=full(0, 12),
            v_threshold=full(1, 12), v_reset=full(0, 12), w_in=full(2, 12),
        ),
        "loop": nir.Linear(weight=random.normal(0, 0.3, (12, 12))),
        "skip": nir.Linear(weight=random.normal(0.1, 0.3, (9, 8))),
        "into": nir.Affine(weight=random.normal(0.2, 0.3, (9, 12)), bias=random.normal(0.05, 0.02, 9)),
        "if": nir.IF(r=full(1, 9), v_threshold=full(1.3, 9), v_reset=full(0, 9)),
        "out": nir.Linear(weight=random.normal(0, 1, (4, 9))),
        "li": nir.LI(tau=full(2e-3, 4), r=full(1, 4), v_leak=full(0, 4)),
        "output": nir.Output(output_type={"output": np.array([4])}),
    }  # fmt: skip
    edges = [
        ("image", "gain"), ("gain", "first"), ("first", "flat"), ("flat", "affine"), ("affine", "cuba"),
        ("cuba", "loop"), ("loop", "cuba"), ("flat", "skip"), ("skip", "if"), ("cuba", "into"), ("into", "if"),
        ("if", "out"), ("out", "li"), ("li", "output"),
    ]  # fmt: skip
    network, spikes = OUT / "zoo.nir", OUT / "zoo.npz"
    nir.write(network, nir.NIRGraph(nodes, edges))
    np.savez(spikes, spikes=(random.random((40, 60, 8)) < 0.4).astype(np.uint8))
    return network, spikes


def driven():
    """A network in physical units: a current drives the first population, which drives the second."""
    population = {
        "size": 6, "model": "lif", "capacitance": "500 fF", "leakConductance": "25 pS", "leakReversal": "0.2 V",
        "threshold": "0.6 V", "reset": "0.1 V",
    }  # fmt: skip
    network, spikes = OUT / "driven.json5", OUT / "driven.npz"
    document = {
        "format": "rheobase-network",
        "version": 1,
        "populations": [{"name": "dc", **population}, {"name": "next", **population}],
        "projections": [
            {"from": "dc", "to": "next", "connectivity": {"kind": "allToAll"}, "weight": "60 mV"},
        ],
        "stimuli": [{"into": "dc", "current": "20 pA"}, {"into": "next", "current": "3 pA"}],
        "outputs": ["next"],
    }
    network.write_text(json.dumps(document))
    # An Input of one channel, through which nothing comes, stands in for the currents.
    np.savez(spikes, spikes=np.zeros((2, 20000, 1), np.uint8))
    return network, spikes


def late():
    """A cycle of two populations, which takes the chip one tick more than the network."""
    random = np.random.default_rng(8)
    nodes = {"input": nir.Input(input_type={"input": np.array([5])})}
    for name in ("a", "b"):
        nodes[name] = nir.IF(r=np.ones(5), v_threshold=np.ones(5), v_reset=np.zeros(5))
    for name in ("into", "forth", "back"):
        nodes[name] = nir.Linear(weight=random.normal(0.2, 0.3, (5, 5)))
    nodes["output"] = nir.Output(output_type={"output": np.array([5])})
    edges = ["input into", "into a", "a forth", "forth b", "b back", "back a", "b output"]
    network, spikes = OUT / "late.nir", OUT / "late.npz"
    nir.write(network, nir.NIRGraph(nodes, [tuple(edge.split()) for edge in edges]))
    np.savez(spikes, spikes=(random.random((20, 60, 5)) < 0.3).astype(np.uint8))
    return network, spikes


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for parasitics in ("ignore", "model", "compensate"):
        validate(f"{DIGITS}/digits.nir", f"{DIGITS}/test.npz", parasitics)
    recurrent = f"{GOLDEN}/digits_rec_flat.nir"
    validate(recurrent, f"{GOLDEN}/digits_rec_test.npz", "model", edges=nir.read(recurrent).edges)
    for parasitics in ("ignore", "compensate"):
        validate(*zoo(), parasitics)
    validate(*driven(), "model")
    validate(*late(), "ignore")
    delay = nir.read(OUT / "late-ignore.nir").nodes["back_delay"].delay.tolist()
    expect(delay == [DT] * 5, "late feedback has no Delay of one tick")
    refused = rheobase(
        "compile", "docs/examples/balanced/balanced.json5", "--export-nir", OUT / "balanced.nir", status=65
    )
    expect("export.poisson" in refused.stderr, f"another refusal than that of Poisson: {refused.stderr}")
    expect(not (OUT / "balanced.nir").exists(), "a refused network left a file")
    print("balanced                     refused: Poisson stimuli")


PROGRAM, OUT = sys.argv[1], pathlib.Path(sys.argv[2])
main()
