"""What PyTorch computes for Leaven's models: the expected values of PyTorchGoldenTest and PyTorchComparisonTest.

    python3 pytorch_models.py golden DIR      small models; their files are kept in src/test/resources/pytorch
    python3 pytorch_models.py weights DIR     a network's weights, as PretrainedWeightsTest imports them
    python3 pytorch_models.py xresnet50 DIR   the whole XResNet-50; one file of some 100 MB

It needs torch and numpy, and torchvision for the models that are torchvision's (Debian: python3-torch,
python3-torchvision). A file is in the safetensors format; its metadata says which model it is, as Leaven writes it.

Weights, images and labels are no random numbers but a function of name and index, which the tests in Java compute too:
see values(). The order of an index is that of Leaven's arrays: batch, height, width, channel, and for the weights
height, width, in, out.
"""

import json
import math
import struct
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

STEPS = 10
LEARNING_RATE = 3e-5


# --- weights and images -------------------------------------------------------------------------------------------

def uniform(name, count):
    """Numbers in [-1, 1), exact in float32: 24 bits of SplitMix64, begun with the FNV-1a hash of the name."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(state) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1


def values(name, shape):
    """A variable of Leaven's shape. Convolutions are scaled as He et al. do and dense
    layers as PyTorch does; a norm at the end of a residual branch is
    weaker than others, so that an untrained network's activations do not grow from block to block."""
    u = uniform(name, math.prod(shape))
    if name.endswith((".weight_u", ".weight_v")):
        u = u / math.sqrt(np.square(u).sum())
    elif name.endswith(".running_var"):
        u = 1 + 0.5 * u
    elif name.endswith((".running_mean", ".bias")):
        u = 0.1 * u
    elif name.endswith(".gamma"):
        u = 0.001 * u
    elif len(shape) == 1:
        u = (0.3 if ".convs." in name or ".bn" in name else 1) + 0.1 * u
    else:
        u = u * math.sqrt((6 if len(shape) == 4 else 1) / math.prod(shape[:-1]))
    return u.reshape(shape).astype(np.float32)


def leavens(tensor):
    """An array in Leaven's order of axes."""
    array = tensor.detach().numpy()
    if array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    if array.ndim == 3:
        return array.reshape(-1) if array.shape[1] == 1 else array[:, :, 0].T
    return array.T


def pytorchs(array, shape):
    """The inverse of leavens()."""
    if len(shape) == 4:
        array = array.transpose(3, 2, 0, 1)
    return torch.from_numpy(np.ascontiguousarray(array if len(shape) == 4 else array.T).reshape(shape))


def fill(model):
    state = model.state_dict()
    for name, tensor in state.items():
        if not name.endswith("num_batches_tracked"):
            tensor.copy_(pytorchs(values(name, leavens(tensor).shape), tuple(tensor.shape)))


def images(case, step):
    """Sixteen even squares with noise on them: images of noise alone are all the same to a network, and its norms
    would enlarge the rounding."""
    batch, size, channels = case["batch"], case["size"], case["channels"]
    squares = uniform("squares.%d" % step, batch * 4 * 4 * channels).reshape(batch, 4, 4, channels)
    noise = uniform("noise.%d" % step, batch * size * size * channels).reshape(batch, size, size, channels)
    at = np.arange(size) * 4 // size
    array = (1.2 * squares[:, at][:, :, at] + 0.5 * noise).astype(np.float32)
    return torch.from_numpy(np.ascontiguousarray(array.transpose(0, 3, 1, 2)))


def labels(case, step):
    return torch.from_numpy(((uniform("labels.%d" % step, case["batch"]) + 1) / 2 * case["classes"]).astype(np.int64))


# --- XResNet ------------------------------------------------------------------------------------------------------

class Blur(nn.Module):
    """The binomial filter of 3x3, padded with zeros."""

    def __init__(self, stride):
        super().__init__()
        self.stride = stride
        row = torch.tensor([1.0, 2.0, 1.0])
        self.filter = torch.outer(row, row)[None, None] / 16

    def forward(self, x):
        return F.conv2d(x, self.filter.repeat(x.shape[1], 1, 1, 1), stride=self.stride, padding=1, groups=x.shape[1])


class ConvNorm(nn.Module):
    def __init__(self, ni, nf, kernel, stride=1, blur=False):
        super().__init__()
        self.conv = nn.Conv2d(ni, nf, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(nf)
        self.blur = Blur(1) if blur and stride > 1 and ni >= 16 else nn.Identity()

    def forward(self, x):
        return self.norm(self.conv(self.blur(x)))


class SqueezeExcite(nn.Module):
    def __init__(self, channels, act):
        super().__init__()
        hidden = math.ceil(channels // 16 / 8) * 8
        self.reduce = nn.Conv2d(channels, hidden, 1)
        self.expand = nn.Conv2d(hidden, channels, 1)
        self.act = act

    def forward(self, x):
        return x * torch.sigmoid(self.expand(self.act(self.reduce(F.adaptive_avg_pool2d(x, 1)))))


class SelfAttention(nn.Module):
    """fastai's SimpleSelfAttention."""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.utils.spectral_norm(nn.Conv1d(channels, channels, 1, bias=False))
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        flat = x.flatten(2)
        attended = torch.bmm(torch.bmm(flat, flat.transpose(1, 2)), self.conv(flat))
        return (self.gamma * attended + flat).view_as(x)


class Block(nn.Module):
    def __init__(self, ni, width, expansion, stride, options, attends):
        super().__init__()
        nf = width * expansion
        blur = options.get("blurs", False)
        self.act = activation(options)
        self.convs = nn.ModuleList(
            [ConvNorm(ni, width, 3, stride, blur), ConvNorm(width, nf, 3)] if expansion == 1 else
            [ConvNorm(ni, width, 1), ConvNorm(width, width, 3, stride, blur), ConvNorm(width, nf, 1)])
        if options.get("squeezes"):
            self.se = SqueezeExcite(nf, self.act)
        if attends:
            self.attention = SelfAttention(nf)
        self.pool = nn.AvgPool2d(2, ceil_mode=True) if stride > 1 else nn.Identity()
        if ni != nf:
            self.shortcut = ConvNorm(ni, nf, 1)

    def forward(self, x):
        branch = x
        for i, conv in enumerate(self.convs):
            branch = conv(branch) if i == len(self.convs) - 1 else self.act(conv(branch))
        branch = self.se(branch) if hasattr(self, "se") else branch
        branch = self.attention(branch) if hasattr(self, "attention") else branch
        shortcut = self.pool(x)
        shortcut = self.shortcut(shortcut) if hasattr(self, "shortcut") else shortcut
        return self.act(branch + shortcut)


class XResNet(nn.Module):
    def __init__(self, options, channels, classes):
        super().__init__()
        self.act = activation(options)
        blur = options.get("blurs", False)
        self.stem = nn.ModuleList([ConvNorm(channels, 32, 3, 2, blur), ConvNorm(32, 32, 3), ConvNorm(32, 64, 3)])
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), Blur(2)) if blur else nn.MaxPool2d(3, 2, 1)
        depth = options["depth"]
        expansion = 1 if depth < 50 else 4
        self.stages = nn.ModuleList()
        ni = 64
        for stage, count in enumerate({18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3]}[depth]):
            width = int((64 << stage) * options.get("widen", 1))
            blocks = nn.ModuleList()
            for i in range(count):
                attends = bool(options.get("attends")) and stage == 0 and i == count - 1
                blocks.append(Block(ni, width, expansion, 2 if stage > 0 and i == 0 else 1, options, attends))
                ni = width * expansion
            self.stages.append(blocks)
        self.head = nn.Linear(ni, classes)

    def forward(self, x):
        for conv in self.stem:
            x = self.act(conv(x))
        x = self.pool(x)
        for blocks in self.stages:
            for block in blocks:
                x = block(x)
        return self.head(x.mean((2, 3)))


def activation(options):
    return {"RELU": F.relu, "MISH": F.mish, "SILU": F.silu, "GELU": F.gelu}[options.get("activation", "RELU")]


def build(case):
    options = case["model"]
    name = options["technique"]
    if name == "XResNet":
        return XResNet(options, case["channels"], case["classes"])
    from torchvision import models
    if name == "ResNet":
        return getattr(models, "resnext50_32x4d" if "groups" in options else "resnet%d" % options["depth"])(
            num_classes=case["classes"])
    return {"MobileNetV2": models.mobilenet_v2, "ConvNeXtTiny": models.convnext_tiny}[name](num_classes=case["classes"])


# --- what is compared ---------------------------------------------------------------------------------------------

def compute(case):
    model = build(case)
    fill(model)
    model.eval()
    result = {}
    with torch.no_grad():
        result["logits.eval"] = model(images(case, 0)).numpy()
    if case["train"]:
        model.train()
    logits = model(images(case, 0))
    result["logits.train"] = logits.detach().numpy()
    F.cross_entropy(logits, labels(case, 0)).backward()
    for name, parameter in model.named_parameters():
        result["gradient." + name] = summary(name, parameter.grad, case["whole"])
    if case["whole"]:
        result["gradient rounding"] = np.array([rounding(case, model)])
    if case["train"]:
        for name, buffer in model.named_buffers():
            if not name.endswith("num_batches_tracked"):
                result["statistic." + name] = leavens(buffer).copy()
        result["losses"] = train(case)
    return result


def summary(name, gradient, whole):
    """The whole gradient, or its norm, its sum, and its product with numbers in every direction."""
    array = leavens(gradient)
    if whole:
        return array.copy()
    flat = np.ascontiguousarray(array).reshape(-1).astype(np.float64)
    return np.array([np.sqrt(np.square(flat).sum()), flat.sum(), (flat * uniform("direction." + name, len(flat))).sum()])


def rounding(case, model):
    """How far the gradients are from those in float64, by their norm, at worst. Where a ReLU's input is zero but for
    rounding, the gradient is the one or the other."""
    exact = build(case)
    fill(exact)
    exact = exact.double().train(case["train"])
    F.cross_entropy(exact(images(case, 0).double()), labels(case, 0)).backward()
    return max(((ours.grad.double() - other.grad).norm() / other.grad.norm()).item()
               for ours, other in zip(model.parameters(), exact.parameters()))


def train(case):
    """Adam as in fastai, one new batch for each step."""
    model = build(case)
    fill(model)
    model.train()
    decayed, others = [], []
    for name, parameter in model.named_parameters():
        (others if parameter.ndim == 1 else decayed).append(parameter)
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0}],
        lr=LEARNING_RATE, betas=(0.9, 0.99), eps=1e-5)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images(case, step)), labels(case, step))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


class SmallNet(nn.Module):
    """The network of PretrainedWeightsTest."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.depthwise = nn.Conv2d(4, 4, 3, 1, 1, groups=4)
        self.layer_scale = nn.Parameter(torch.rand(4, 1, 1))
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = x + self.layer_scale * self.depthwise(x)
        return self.fc(x.mean((2, 3)))


def weights(file):
    """The state_dict as the safetensors library writes it, the dense layer's weights in 16 bits, and logits."""
    model = SmallNet()
    model(torch.randn(8, 3, 8, 8) + 1)  # moves the running statistics
    model.eval()
    for parameter in model.fc.parameters():
        parameter.data = parameter.data.half().float()
    state = model.state_dict()
    arrays = {name: tensor.numpy() for name, tensor in state.items()}
    arrays["fc.weight"] = arrays["fc.weight"].astype(np.float16)
    arrays["fc.bias"] = arrays["fc.bias"].astype(np.float16)
    with torch.no_grad():
        x = images(dict(batch=2, size=8, channels=3), 0)
        arrays["logits"] = model(x).numpy()
        arrays["logits.grey"] = model(x[:, :1].expand(-1, 3, -1, -1)).numpy()
    save(file, {}, arrays)


def write(file, case, arrays):
    save(file, {
        "model": json.dumps(case["model"], separators=(",", ":")),
        **{key: str(case[key]) for key in ("batch", "size", "channels", "classes")},
        "torch": torch.__version__}, {name: array.astype(np.float32) for name, array in arrays.items()})


def save(file, metadata, arrays):
    header = {"__metadata__": metadata} if metadata else {}
    blobs, offset = [], 0
    for name, array in arrays.items():
        blob = np.ascontiguousarray(array).tobytes()
        kind = {"float32": "F32", "float16": "F16", "int64": "I64"}[array.dtype.name]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def case(model, batch=8, size=32, channels=3, classes=10, train=True, whole=False):
    return dict(model=model, batch=batch, size=size, channels=channels, classes=classes, train=train, whole=whole)


MISH = {"activation": "MISH"}
CASES = {
    "golden": {
        "xresnet18-narrow": case({"technique": "XResNet", "depth": 18, "widen": 0.25}, batch=16),
        "xresnet50-narrow-grey": case(
            {"technique": "XResNet", "depth": 50, "widen": 0.125, **MISH}, batch=8, size=64, channels=1),
        "xresnet18-options": case(
            {"technique": "XResNet", "depth": 18, "widen": 0.25, **MISH, "squeezes": True,
             "attends": True, "blurs": True}, batch=16),
        "resnet18": case({"technique": "ResNet", "depth": 18}, batch=2, size=64, train=False),
        "resnet50": case({"technique": "ResNet", "depth": 50}, batch=2, size=64, train=False),
        "resnext50": case(
            {"technique": "ResNet", "depth": 50, "groups": 32, "groupWidth": 4}, batch=2, size=64, train=False),
        "mobilenetv2": case({"technique": "MobileNetV2"}, batch=2, size=64, train=False),
        "convnext-tiny": case({"technique": "ConvNeXtTiny"}, batch=2, size=64, train=False),
    },
    "xresnet50": {
        "xresnet50": case({"technique": "XResNet", "depth": 50}, batch=16, size=64, whole=True),
        "xresnet50-mish": case({"technique": "XResNet", "depth": 50, **MISH}, batch=16, size=64, whole=True),
    },
}


if __name__ == "__main__":
    torch.manual_seed(0)
    if sys.argv[1] == "weights":
        weights(sys.argv[2] + "/small.safetensors")
        sys.exit()
    for name, chosen in CASES[sys.argv[1]].items():
        if len(sys.argv) < 4 or name in sys.argv[3:]:
            write("%s/%s.safetensors" % (sys.argv[2], name), chosen, compute(chosen))
            print(name)
