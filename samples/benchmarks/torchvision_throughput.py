"""Images per second of torchvision's DataLoader on the work that PipelineThroughput.java measures.

JPEG files to batches of 64 with a side of 128 px: the shorter side is resized to 128 with
antialiasing, and the centre is taken. Once as bytes, as Leaven's pipeline hands them over, and once
with ToTensor, as most training scripts have it.

python3 torchvision_throughput.py FOLDER [WORKERS]
"""

import os
import random
import sys
import time

import torch
from torch.utils.data import DataLoader, Subset
from torchvision import transforms
from torchvision.datasets import ImageFolder

BATCH = 64
MOST_IMAGES = 10_000
SIDE = 128


def measure(folder, workers, last):
    chain = transforms.Compose([transforms.Resize(SIDE), transforms.CenterCrop(SIDE), last])
    images = ImageFolder(folder, chain)
    order = list(range(len(images)))
    random.Random(42).shuffle(order)
    loader = DataLoader(
        Subset(images, order[:MOST_IMAGES]), batch_size=BATCH, num_workers=workers, drop_last=True
    )
    batches = iter(loader)
    next(batches)  # the clock starts when the workers run and the first batch is there
    begun = time.perf_counter()
    count = sum(len(labels) for _, labels in batches)
    return count / (time.perf_counter() - begun)


def main():
    folder = sys.argv[1]
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    part = os.path.join(folder, "train")
    folder = part if os.path.isdir(part) else folder
    torch.set_num_threads(1)
    for name, last in (("bytes", transforms.PILToTensor()), ("ToTensor", transforms.ToTensor())):
        rate = measure(folder, workers, last)
        print(f"torchvision, {workers} workers, centre, 128 px, {name}\t{rate:.0f}", flush=True)


if __name__ == "__main__":
    main()
