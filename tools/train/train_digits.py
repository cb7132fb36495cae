"""Trains the bundled digit classifier with snnTorch and writes it as NIR, with its test spikes.

usage: tools/train/train ff|conv|rec OUTDIR

  ff    64 -> 128 LIF -> 10 LIF                         docs/examples/digits
  conv  Conv 1->8 3x3, LIF 8x8x8, AvgPool 2, 10 LIF
  rec   64 -> 64 LIF, all-to-all recurrent, -> 10 LIF

Data: the UCI optical digits through scikit-learn, 1347 training and 450 test images, rate coded (Bernoulli,
p = 0.9 * pixel / 16 per step, 32 steps, drawn once). All LIF layers use the discrete step that forward Euler
makes of NIR's LIF with tau = dt/(1-beta), r = 1/(1-beta), v_leak = 0 and dt = 1e-4:

  u = beta*v + I;  z = (u > thr);  v = 0 if z else u          (reset to zero, in the same step)

OUTDIR gets the .nir files, test.npz (spikes, labels, and the network's own output spikes), train.npz and
result.json. One seed, no tuning on the test
set; other versions of torch need not give the same weights bit for bit.
"""
import json
import sys
import time

import nir
import numpy as np
import snntorch as snn
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from snntorch import surrogate

KIND, OUT = sys.argv[1], sys.argv[2]
T, BETA, THR, DT = 32, 0.9, 1.0, 1e-4
EPOCHS = {"ff": 40, "conv": 20, "rec": 25}[KIND]
torch.manual_seed(7)
np.random.seed(7)
torch.set_num_threads(1)
torch.set_flush_denormal(True)

# ---- Data ----
X, y = load_digits(return_X_y=True)
X = X / 16.0
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
encoder = np.random.default_rng(11)


def rate_code(images):
    """Spike trains [images, T, 64]."""
    return (encoder.random((images.shape[0], T, images.shape[1])) < 0.9 * images[:, None, :]).astype(np.uint8)


Str, Ste = rate_code(Xtr), rate_code(Xte)

# ---- Networks ----
gradient = surrogate.fast_sigmoid(slope=25)


def lif(*shape):
    return snn.Leaky(
        beta=torch.full(shape, BETA), threshold=torch.full(shape, THR), spike_grad=gradient,
        reset_mechanism="zero", reset_delay=False, init_hidden=True)


class Recurrent(nn.Module):
    """64 -> 64 LIF with all-to-all recurrence (spikes of the previous step) -> 10 LIF."""

    def __init__(self):
        super().__init__()
        self.fc1, self.rec, self.fc2 = nn.Linear(64, 64), nn.Linear(64, 64, bias=False), nn.Linear(64, 10)
        nn.init.normal_(self.rec.weight, std=0.05)
        self.l1, self.l2, self.z = lif(64), lif(10), None

    def reset(self):
        self.l1.reset_mem()
        self.l2.reset_mem()
        self.z = None

    def forward(self, x):
        z = torch.zeros(x.shape[0], 64) if self.z is None else self.z
        self.z = self.l1(self.fc1(x) + self.rec(z))
        self.hidden = [self.z]
        return self.l2(self.fc2(self.z))


class FeedForward(nn.Sequential):
    def reset(self):
        for module in self:
            if isinstance(module, snn.Leaky):
                module.reset_mem()

    def forward(self, x):
        self.hidden = []
        for module in self:
            x = module(x)
            if isinstance(module, snn.Leaky):
                self.hidden.append(x)
        return x


if KIND == "ff":
    net = FeedForward(nn.Linear(64, 128), lif(128), nn.Linear(128, 10), lif(10))
elif KIND == "conv":
    net = FeedForward(
        nn.Conv2d(1, 8, 3, padding=1), lif(8, 8, 8), nn.AvgPool2d((2, 2)), nn.Flatten(), nn.Linear(128, 10),
        lif(10))
else:
    net = Recurrent()


def run(spikes):
    """Output spikes [images, T, 10], and those of the first hidden layer."""
    net.reset()
    outputs, hidden = [], []
    for t in range(T):
        x = spikes[:, t]
        outputs.append(net(x.reshape(-1, 1, 8, 8) if KIND == "conv" else x))
        hidden.append(net.hidden[0].detach())
    return torch.stack(outputs, 1), torch.stack(hidden, 1)


# ---- Training ----
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
inputs, targets = torch.tensor(Str, dtype=torch.float32), torch.tensor(ytr)
begin = time.time()
for epoch in range(EPOCHS):
    permutation = torch.randperm(len(inputs))
    total = 0.0
    for i in range(0, len(permutation), 64):
        batch = permutation[i:i + 64]
        loss = nn.functional.cross_entropy(run(inputs[batch])[0].sum(1), targets[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch == int(EPOCHS * 0.7):
        for group in optimizer.param_groups:
            group["lr"] *= 0.3
    if epoch % 5 == 4:
        print(KIND, epoch, round(total, 3), f"{time.time() - begin:.1f} s", flush=True)


def evaluate(spikes, labels):
    with torch.no_grad():
        outputs, hidden = run(torch.tensor(spikes, dtype=torch.float32))
    outputs, hidden = outputs.numpy().astype(np.uint8), hidden.numpy().astype(np.uint8)
    counts = outputs.sum(1)
    predicted = counts.argmax(1)
    return outputs, counts, predicted, float((predicted == labels).mean()), hidden


_, count_train, predicted_train, accuracy_train, _ = evaluate(Str, ytr)
out_test, count_test, predicted_test, accuracy_test, hidden_test = evaluate(Ste, yte)
print(KIND, "train", accuracy_train, "test", accuracy_test)


# ---- NIR ----
def f32(tensor):
    return tensor.detach().numpy().astype(np.float32)


def nir_lif(*shape):
    ones = np.ones(shape, np.float32)
    return nir.LIF(
        tau=ones * np.float32(DT / (1 - BETA)), r=ones * np.float32(1 / (1 - BETA)), v_leak=ones * 0,
        v_threshold=ones * np.float32(THR), v_reset=ones * 0)


def affine(layer):
    return nir.Affine(weight=f32(layer.weight), bias=f32(layer.bias))


def write(nodes, edges, name):
    metadata = {"source": "train_digits.py", "dt": DT, "T": T}
    nir.write(f"{OUT}/{name}", nir.NIRGraph(nodes=nodes, edges=edges, metadata=metadata))


def chain(*names):
    return list(zip(names, names[1:]))


def input_node(*shape):
    return nir.Input(np.array(shape))


output_node = nir.Output(np.array([10]))
if KIND == "ff":
    write(
        {"input": input_node(64), "fc1": affine(net[0]), "lif1": nir_lif(128), "fc2": affine(net[2]),
         "lif2": nir_lif(10), "output": output_node},
        chain("input", "fc1", "lif1", "fc2", "lif2", "output"), "digits.nir")
elif KIND == "conv":
    two = np.array([2, 2])
    for name, pool, divisor in (("avgpool", nir.AvgPool2d, 1), ("sumpool", nir.SumPool2d, 4)):
        write(
            {"input": input_node(1, 8, 8),
             "conv": nir.Conv2d(
                 input_shape=(8, 8), weight=f32(net[0].weight), stride=1, padding=1, dilation=1, groups=1,
                 bias=f32(net[0].bias)),
             "lif1": nir_lif(8, 8, 8), "pool": pool(kernel_size=two, stride=two, padding=np.array([0, 0])),
             "flatten": nir.Flatten(input_type={"input": np.array([8, 4, 4])}, start_dim=0, end_dim=-1),
             "fc": nir.Affine(weight=f32(net[4].weight) / np.float32(divisor), bias=f32(net[4].bias)),
             "lif2": nir_lif(10), "output": output_node},
            chain("input", "conv", "lif1", "pool", "flatten", "fc", "lif2", "output"),
            f"digits_conv_{name}.nir")
else:
    recurrent = nir.Linear(weight=f32(net.rec.weight))
    write(
        {"input": input_node(64), "fc1": affine(net.fc1), "l1.lif": nir_lif(64), "l1.w_rec": recurrent,
         "fc2": affine(net.fc2), "lif2": nir_lif(10), "output": output_node},
        [("input", "fc1"), ("fc1", "l1.lif"), ("l1.lif", "l1.w_rec"), ("l1.w_rec", "l1.lif"),
         ("l1.lif", "fc2"), ("fc2", "lif2"), ("lif2", "output")], "digits_rec_flat.nir")
    layer = nir.NIRGraph(
        nodes={"input": input_node(64), "lif": nir_lif(64), "w_rec": recurrent,
               "output": nir.Output(np.array([64]))},
        edges=[("input", "lif"), ("lif", "w_rec"), ("w_rec", "lif"), ("lif", "output")])
    write(
        {"input": input_node(64), "fc1": affine(net.fc1), "l1": layer, "fc2": affine(net.fc2),
         "lif2": nir_lif(10), "output": output_node},
        chain("input", "fc1", "l1", "fc2", "lif2", "output"), "digits_rec_subgraph.nir")

# ---- Spikes and results ----
np.savez_compressed(
    f"{OUT}/test.npz", spikes=Ste, labels=yte.astype(np.uint8), pred=predicted_test.astype(np.uint8),
    out_counts=count_test, out_spikes=out_test,
    hidden_spikes=np.packbits(hidden_test.reshape(len(Ste), T, -1), axis=-1),
    hidden_shape=np.array(hidden_test.shape[2:]), image_index=np.arange(len(yte)))
np.savez_compressed(
    f"{OUT}/train.npz", spikes=Str, labels=ytr.astype(np.uint8), pred=predicted_train.astype(np.uint8),
    out_counts=count_train)
with open(f"{OUT}/result.json", "w") as file:
    json.dump(
        dict(kind=KIND, T=T, beta=BETA, threshold=THR, dt=DT, epochs=EPOCHS, train_acc=accuracy_train,
             test_acc=accuracy_test, n_train=len(Str), n_test=len(Ste), mean_in_spikes=float(Ste.sum() / len(Ste)),
             mean_hidden_spikes=float(hidden_test.sum() / len(Ste)),
             mean_out_spikes=float(count_test.sum() / len(Ste)), torch=torch.__version__,
             snntorch=getattr(snn, "__version__", "?"), nir=nir.version), file, indent=1)
