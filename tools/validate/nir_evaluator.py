"""Runs a NIR graph, as the Python package `nir` reads it, by forward Euler in float64.

Written from the equations in NIR's own documentation (docs/source/primitives.md, nir/ir/neuron.py) and from two rules of
Rheobase, which NIR leaves open: which edge of a cycle carries the previous tick's spikes (docs/architecture.md,
"Feedback"), and that r of I and IF is the gain per tick (docs/nir-export.md). Sums run over a matrix's columns in
ascending order, so that two programs that follow this text agree in every bit.
"""

import nir
import numpy as np

NEURONS = (nir.I, nir.IF, nir.LI, nir.LIF, nir.CubaLI, nir.CubaLIF)


class Evaluator:
    def __init__(self, graph, dt, samples):
        self.nodes = graph.nodes
        self.dt = dt
        self.samples = samples
        self.incoming = {name: [] for name in graph.nodes}
        for source, target in graph.edges:
            self.incoming[target].append(source)
        self.order, self.feedback = self._search()
        self.state = {}
        self.history = {}
        # What every node gave out in the tick before: nothing before the first.
        self.last = {name: None for name in graph.nodes}

    def _search(self):
        """Depth-first along incoming edges from the outputs, then from all nodes, by name."""
        names = sorted(self.nodes, key=lambda name: name.encode())
        roots = [n for n in names if isinstance(self.nodes[n], nir.Output)] + names
        mark, order, feedback = {}, [], set()
        for root in roots:
            if root in mark:
                continue
            mark[root] = "open"
            stack = [(root, iter(self.incoming[root]))]
            while stack:
                name, sources = stack[-1]
                source = next(sources, None)
                if source is None:
                    mark[name] = "done"
                    order.append(name)
                    stack.pop()
                elif source not in mark:
                    mark[source] = "open"
                    stack.append((source, iter(self.incoming[source])))
                elif mark[source] == "open":
                    feedback.add((source, name))
        return order, feedback

    def tick(self, inputs):
        """`inputs`: by Input node, [samples, *shape]. Returns what every node gives out."""
        out = {}
        for name in self.order:
            node = self.nodes[name]
            if isinstance(node, nir.Input):
                out[name] = inputs[name].astype(np.float64)
                continue
            x = 0.0
            for source in self.incoming[name]:
                value = self.last[source] if (source, name) in self.feedback else out[source]
                if value is None:
                    value = np.zeros((self.samples, *self._shape(source)))
                x = x + value
            out[name] = self._node(name, node, x)
        self.last = out
        return out

    def _shape(self, name):
        return tuple(int(n) for n in next(iter(self.nodes[name].output_type.values())))

    def _node(self, name, node, x):
        if isinstance(node, NEURONS):
            return self._neurons(name, node, x)
        if isinstance(node, (nir.Linear, nir.Affine)):
            y = np.zeros((self.samples, node.weight.shape[0]))
            for column in range(node.weight.shape[1]):
                y += x[:, column : column + 1] * node.weight[:, column]
            return y + node.bias if isinstance(node, nir.Affine) else y
        if isinstance(node, nir.Scale):
            return node.scale * x
        if isinstance(node, nir.Flatten):
            shape = x.shape[1:]
            first, last = int(node.start_dim) % len(shape), int(node.end_dim) % len(shape)
            return x.reshape(self.samples, *shape[:first], -1, *shape[last + 1 :])
        if isinstance(node, nir.Delay):
            ticks = np.rint(node.delay / self.dt).astype(int)
            assert ticks.min() == ticks.max(), "one delay for all elements is all that is needed here"
            line = self.history.setdefault(name, [np.zeros_like(x)] * int(ticks.flat[0]))
            line.append(x)
            return line.pop(0)
        if isinstance(node, nir.Output):
            return x
        raise TypeError(f"{name}: {type(node).__name__}")

    def _neurons(self, name, node, x):
        """tau dv/dt = (v_leak - v) + r i, and tau_syn di/dt = -i + w_in x; z = v > v_threshold, then v = v_reset."""
        v, i = self.state.get(name, (np.zeros_like(x), np.zeros_like(x)))
        if isinstance(node, (nir.CubaLI, nir.CubaLIF)):
            i = i + self.dt / node.tau_syn * (node.w_in * x - i)
            v = v + self.dt / node.tau_mem * ((node.v_leak - v) + node.r * i)
        elif isinstance(node, (nir.LI, nir.LIF)):
            v = v + self.dt / node.tau * ((node.v_leak - v) + node.r * x)
        else:
            v = v + node.r * x
        out = v
        if isinstance(node, (nir.IF, nir.LIF, nir.CubaLIF)):
            fired = v > node.v_threshold
            v = np.where(fired, node.v_reset, v)
            out = fired.astype(np.float64)
        self.state[name] = (v, i)
        return out


def run(graph, spikes, dt):
    """Spikes of every firing node and summed potentials of every readout: by name, [samples, *shape].

    `spikes`: [samples, ticks, channels], for the graph's only Input.
    """
    samples, ticks, _ = spikes.shape
    evaluator = Evaluator(graph, dt, samples)
    (name,) = graph.inputs
    shape = evaluator._shape(name)
    sums = {n: 0.0 for n, node in graph.nodes.items() if isinstance(node, NEURONS)}
    for tick in range(ticks):
        out = evaluator.tick({name: spikes[:, tick].reshape(samples, *shape)})
        for n in sums:
            sums[n] = sums[n] + out[n]
    return sums
