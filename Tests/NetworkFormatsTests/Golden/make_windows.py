"""Writes windows.json: convolutions and pools of random numbers, computed by scipy.signal.correlate.

Dilation inserts zeros into the kernel, a stride takes every s-th position, groups are separate correlations. Inputs and
weights are small integers, so that every sum is exact.
"""

import json
import pathlib

import numpy as np
from scipy.signal import correlate

rng = np.random.default_rng(7)


def dilated(kernel, dilation):
    out = np.zeros([(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation)])
    out[tuple(slice(None, None, d) for d in dilation)] = kernel
    return out


def convolution(shape, out, kernel, stride, padding, dilation, groups, bias):
    x = rng.integers(-4, 5, shape).astype(float)
    w = rng.integers(-4, 5, [out, shape[0] // groups, *kernel]).astype(float)
    b = rng.integers(-4, 5, out).astype(float) if bias else None
    spans = [(k - 1) * d for k, d in zip(kernel, dilation)]
    if padding == "same":
        pads = [(s // 2, s - s // 2) for s in spans]
    elif padding == "valid":
        pads = [(0, 0)] * len(kernel)
    else:
        pads = [(p, p) for p in padding]
    padded = np.pad(x, [(0, 0), *pads])
    y = []
    for o in range(out):
        first = o // (out // groups) * (shape[0] // groups)
        total = sum(
            correlate(padded[first + c], dilated(w[o, c], dilation), mode="valid", method="direct")
            for c in range(shape[0] // groups)
        )
        y.append(total[tuple(slice(None, None, s) for s in stride)] + (b[o] if bias else 0))
    return dict(
        kind="conv", shape=shape, weightShape=list(w.shape), weight=w.ravel().tolist(),
        bias=b.tolist() if bias else [], stride=stride,
        padding=padding if isinstance(padding, str) else "", pads=[] if isinstance(padding, str) else padding,
        dilation=dilation, groups=groups, x=x.ravel().tolist(), outShape=list(np.shape(y)), y=np.ravel(y).tolist(),
    )


def pool(shape, kernel, stride, padding, averages):
    x = rng.integers(-4, 5, shape).astype(float)
    padded = np.pad(x, [(0, 0), *[(p, p) for p in padding]])
    y = np.array(
        [correlate(c, np.ones(kernel), mode="valid", method="direct")[:: stride[0], :: stride[1]] for c in padded]
    )
    if averages:
        y = y / (kernel[0] * kernel[1])
    return dict(
        kind="avg" if averages else "sum", shape=shape, weightShape=kernel, weight=[], bias=[], stride=stride,
        padding="", pads=padding, dilation=[1, 1], groups=1, x=x.ravel().tolist(), outShape=list(y.shape),
        y=y.ravel().tolist(),
    )


cases = [
    convolution([1, 8, 8], 8, [3, 3], [1, 1], [1, 1], [1, 1], 1, True),
    convolution([2, 34, 34], 3, [5, 5], [2, 2], [1, 1], [1, 1], 1, False),
    convolution([3, 7, 9], 2, [3, 5], [1, 2], [2, 1], [1, 1], 1, True),
    convolution([4, 10, 6], 6, [2, 3], [3, 1], [0, 2], [2, 2], 2, True),
    convolution([4, 5, 5], 4, [3, 3], [1, 1], "same", [1, 1], 4, False),
    convolution([2, 9, 8], 2, [4, 3], [1, 1], "same", [2, 1], 1, True),
    convolution([2, 6, 6], 2, [3, 2], [2, 2], "valid", [1, 1], 1, True),
    convolution([1, 10], 2, [3], [2], [1], [1], 1, True),
    convolution([4, 15], 4, [4], [1], "same", [3], 2, False),
    convolution([3, 1, 1], 2, [1, 1], [1, 1], [0, 0], [1, 1], 1, True),
    convolution([1, 2, 2], 1, [3, 3], [2, 2], [2, 2], [1, 1], 1, False),
    pool([2, 8, 8], [2, 2], [2, 2], [0, 0], False),
    pool([3, 7, 9], [3, 2], [2, 1], [1, 0], False),
    pool([2, 6, 5], [2, 2], [1, 2], [0, 0], True),
    pool([1, 5, 5], [4, 4], [3, 3], [2, 2], True),
]
pathlib.Path(__file__).with_name("windows.json").write_text(json.dumps(cases))
