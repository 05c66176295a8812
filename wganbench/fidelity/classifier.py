"""A small classifier of an image set, whose last hidden layer is a feature space for FID and kin.

The space of a network trained on the set itself, as for MNIST in Binkowski et al. 2018 (arXiv
1801.01401, section 4): Inception's is made for photographs and its weights are a download.
"""

from itertools import pairwise
from math import ceil, log2

import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor, nn

from wganbench.grey_levels import as_floats

WIDTH = 16  # filters of the first convolution; twice as many at half the size
FEATURES = 64
SMALLEST = 4  # rows and columns that the last convolution leaves
SEED = 20170331  # [GP]'s day on arXiv; the classifier is part of the benchmark, so no setting
BATCH = 64
CHUNK = 1000  # images that are looked at at once after training
LEARNING_RATE = 2e-3
EPOCHS = 4  # at least; a small set gets more, until it has shown so many images:
IMAGES_SHOWN = 17_000
SHIFT_SHARE = 16  # images are shifted by up to a sixteenth of their side
# No noise is added: it teaches the features to overlook speckle. Measured on digits, noise of
# standard deviation 0.5 on real images costs an FID of 14 without, and of 3 with noise of up to 0.3
# in training; half of the classes missing costs 7 either way.


class Classifier(nn.Module):
    """Convolutions down to 4x4 pixels, 64 features, one linear layer."""

    def __init__(self, channels: int, size: int, classes: int) -> None:
        super().__init__()
        self.design = channels, size, classes
        halvings = round(log2(size / SMALLEST))
        widths = [min(WIDTH * 2**k, 4 * WIDTH) for k in range(halvings + 1)]
        layers = [_convolution(channels, widths[0], stride=1)]
        layers += [_convolution(a, b, stride=2) for a, b in pairwise(widths)]
        self.convolutions = nn.Sequential(*layers)
        self.hidden = nn.Linear(widths[-1] * SMALLEST**2, FEATURES)
        self.last = nn.Linear(FEATURES, classes)
        # Makes the root mean square of a feature of the training images 1, so that distances in
        # this space have a scale.
        self.scale: Tensor
        self.register_buffer("scale", torch.ones(()))

    def forward(
        self, images: Float[Tensor, "n channel row column"]
    ) -> tuple[Float[Tensor, "n 64"], Float[Tensor, "n classes"]]:
        hidden = torch.relu(self.hidden(self.convolutions(images).flatten(1)))
        return self.scale * hidden, self.last(hidden)


def _convolution(inputs: int, outputs: int, stride: int) -> nn.Module:
    convolution = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


def train_classifier(
    images: UInt8[Tensor, "n channel row column"], labels: Int[Tensor, " n"], seed: int = SEED
) -> Classifier:
    """Return a classifier trained on these images; the same bit for bit for the same seed.

    Set the process up with `training.train.prepare_torch` first.
    """
    draws = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # layers draw their initial weights from the global stream
        classifier = Classifier(images.shape[1], images.shape[2], int(labels.max()) + 1)
    epochs = max(EPOCHS, ceil(IMAGES_SHOWN / len(images)))
    steps = epochs * ceil(len(images) / BATCH)
    optimizer = torch.optim.Adam(classifier.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, steps)
    for _ in range(epochs):
        for places in torch.split(torch.randperm(len(images), generator=draws), BATCH):
            _, logits = classifier(shifted(as_floats(images[places]), draws))
            loss = nn.functional.cross_entropy(logits, labels[places])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    classifier.eval()
    return _scaled(classifier, images)


def shifted(
    images: Float[Tensor, "n channel row column"], draws: torch.Generator
) -> Float[Tensor, "n channel row column"]:
    """Shift each image by up to a sixteenth of its side, on its own; edges are repeated."""
    n, _, size, _ = images.shape
    reach = size // SHIFT_SHARE
    shifts = torch.randint(2 * reach + 1, (2, n, 1), generator=draws)
    rows, columns = shifts + torch.arange(size)
    padded = nn.functional.pad(images, [reach] * 4, mode="replicate").movedim(1, -1)
    places = (torch.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :])
    return padded[places].movedim(-1, 1)


@torch.no_grad()
def _scaled(classifier: Classifier, images: UInt8[Tensor, "n channel row column"]) -> Classifier:
    parts = [classifier(as_floats(part))[0] for part in torch.split(images, CHUNK)]
    classifier.scale = (1 / torch.cat(parts).double().square().mean().sqrt()).float()
    return classifier
