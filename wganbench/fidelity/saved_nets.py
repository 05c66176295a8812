"""What saved nets of images know: [DCGAN] sections 5.1, 6.1 and 6.3, without any training.

Nets are stacks of replicas, and see images in batches of different ones, as in training, which
batch norm needs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped, UInt8
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn

from wganbench.fidelity.asking import LABELLED, LATENTS, STEPS, WALKS
from wganbench.grey_levels import as_floats, as_levels
from wganbench.training.streams import Streams

PARAMETRISED = "parametrizations"  # torch's name of what makes a layer's weights
FEWEST = 5  # images of a class that give a mean

Images = UInt8[np.ndarray, "n channel row column"]
Look = Callable[[Images], tuple[Float[Tensor, "n feature"], Float[Tensor, "n class"]]]
"""A space's features and logits of images."""


@dataclass(frozen=True)
class Walks:
    """Ways between two latents each, of one replica."""

    images: UInt8[np.ndarray, "walk step channel row column"]
    largest: float
    """Largest step over the mean one, in the space's features: the median over walks.

    From 1, where all steps are alike, to `STEPS`, where one of them goes all the way."""


def walks(generator: nn.Module, latent_dim: int, streams: Streams, look: Look) -> list[Walks]:
    """Return every replica's walks along the sphere ([DCGAN] section 6.1; White 2016).

    A straight line would lead through latents that are shorter than those of training.
    """
    start, end = streams.normal("walk", 2, WALKS, latent_dim).unbind(1)
    shares = torch.linspace(0, 1, STEPS + 1).tolist()
    steps = [between(start, end, share) for share in shares]
    images = np.stack([_images(generator, latents) for latents in steps], axis=2)
    return [Walks(own, _largest(own, look)) for own in images]


def between(
    start: Float[Tensor, "*n latent"], end: Float[Tensor, "*n latent"], share: float
) -> Float[Tensor, "*n latent"]:
    """Return the latents at a share of the way along the arc from start to end."""
    cosine = torch.nn.functional.cosine_similarity(start, end, dim=-1).clamp(-1, 1)
    angle = cosine.acos().unsqueeze(-1)
    found: Tensor = (
        ((1 - share) * angle).sin() * start + (share * angle).sin() * end
    ) / angle.sin()
    return found


def _largest(images: np.ndarray, look: Look) -> float:
    features, _ = look(images.reshape(-1, *images.shape[2:]))
    along = features.double().reshape(*images.shape[:2], -1)
    sizes = (along[:, 1:] - along[:, :-1]).norm(dim=-1)
    moving = sizes[sizes.sum(-1) > 0]  # an image that never changes takes no step
    if not len(moving):
        return float("nan")
    return float((moving.max(-1).values / moving.mean(-1)).median())


def class_moves(
    generator: nn.Module, latent_dim: int, streams: Streams, look: Look
) -> list[tuple[float, float]]:
    """Return how often a moved latent gives the class that it was moved to, and that by chance.

    Of each replica, NaN where its images have one class. A latent loses the mean of its image's
    class and gets that of another ([DCGAN] section 6.3, with classes in place of smiles). By
    chance: the means are of classes that were shuffled.
    """
    known, source = streams.normal("classes", 2, LATENTS, latent_dim).unbind(1)
    given, own = (_classes(generator, latents, look) for latents in (known, source))
    rng = np.random.default_rng(0)
    wanted = [_others(g, o, rng) for g, o in zip(given, own, strict=True)]
    shares = []
    for classes in (given, [rng.permutation(labels) for labels in given]):
        moved = torch.stack(
            [_moved(*of) for of in zip(known, classes, source, own, wanted, strict=True)]
        )
        after = _classes(generator, moved, look)
        shares.append(
            [float((a == w).mean()) if (w >= 0).all() else float("nan")
             for a, w in zip(after, wanted, strict=True)]
        )  # fmt: skip
    return list(zip(*shares, strict=True))


def _classes(generator: nn.Module, latents: Tensor, look: Look) -> list[Int[np.ndarray, " n"]]:
    """Return the classes of each replica's images of some latents."""
    return [look(images)[1].argmax(1).numpy() for images in _images(generator, latents)]


def _others(given: np.ndarray, own: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return for each a class whose mean is known and that is not its own; -1: there is none."""
    classes, counts = np.unique(given, return_counts=True)
    classes = classes[counts >= FEWEST]
    return np.array([rng.choice(rest) if len(rest := classes[classes != c]) else -1 for c in own])


def _moved(
    known: Tensor, classes: np.ndarray, source: Tensor, own: np.ndarray, wanted: np.ndarray
) -> Float[Tensor, "n latent"]:
    """Return the latents less the mean of their own class, which may be unknown, plus another's."""
    means = torch.zeros(max(classes.max(), own.max(), wanted.max()) + 2, known.shape[-1])
    for c in np.unique(classes):
        means[c] = known[torch.from_numpy(classes == c)].mean(0)
    return source - means[torch.from_numpy(own)] + means[torch.from_numpy(wanted)]


def critic_features(
    critic: nn.Module, images: Shaped[np.ndarray, "n channel row column"]
) -> Float[np.ndarray, "replica n feature"]:
    """Return what the critic's last layer is given: what it has made of images, of either kind."""
    layers = (layer for name, layer in critic.named_modules() if PARAMETRISED not in name)
    *_, last = (layer for layer in layers if hasattr(layer, "weight"))
    given: list[Tensor] = []
    handle = last.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0].flatten(2)))
    seen = as_floats(torch.from_numpy(images))
    replicas = next(critic.parameters()).shape[0]
    with torch.no_grad():
        for batch in torch.split(seen, WALKS):
            critic(batch.expand(replicas, *batch.shape))
    handle.remove()
    return torch.cat(given, 1).numpy()


def probed(
    features: Float[np.ndarray, "n feature"],
    labels: Int[np.ndarray, " n"],
    heldout: Float[np.ndarray, "m feature"],
    heldout_labels: Int[np.ndarray, " m"],
) -> float:
    """Return the accuracy of a linear classifier of features ([DCGAN] section 5.1, by ridge)."""
    probe = make_pipeline(StandardScaler(), RidgeClassifier()).fit(features, labels)
    return float(probe.score(heldout, heldout_labels))


def few_of_each(labels: Int[np.ndarray, " n"]) -> Int[np.ndarray, " few"]:
    """Return the places of the first images of each class."""
    return np.concatenate([np.flatnonzero(labels == c)[:LABELLED] for c in np.unique(labels)])


def _images(
    generator: nn.Module, latents: Float[Tensor, "replica n latent"]
) -> UInt8[np.ndarray, "replica n channel row column"]:
    with torch.no_grad():
        made = torch.cat([generator(batch) for batch in torch.split(latents, WALKS, dim=1)], dim=1)
    grey: np.ndarray = as_levels(made).numpy()
    return grey
