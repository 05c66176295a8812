"""What the saved nets of runs on images know, from a run's files."""

from functools import partial
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8

from wganbench.gather.load import Results
from wganbench.records.layout import EXTRACTORS, extractor_files


class Known(NamedTuple):
    """Of one replica; see `wganbench.fidelity.saved_nets`."""

    walk: float
    """Largest step of a walk over its mean one."""
    moved: float
    """Share of latents moved to another class that give it."""
    moved_by_chance: float
    probe: float
    """Accuracy of a linear classifier of the critic's features."""
    probe_untrained: float
    """The same of the critic as it was before training."""
    probe_pixels: float
    """The same of the images' pixels."""
    walks: UInt8[np.ndarray, "walk step channel row column"]


def applies(results: Results, run: str) -> bool:
    """Return whether a run's nets can be asked: images with classes, a generator and a critic."""
    planned = results.runs[run]
    configuration = planned.configuration
    return (
        configuration.algorithm.name == "adversarial"
        and configuration.data.kind == "images"
        and planned.extractor == "classifier"
        and bool(extractor_files(configuration.data, planned.extractor))
    )


def known(results: Results, run: str) -> dict[int, Known]:
    """Return what the nets of each seed that did not diverge know; found once for the same results.

    Raises:
        UserError: networks, data or the classifier are missing or damaged.
    """
    return results.once(("saved nets", run), partial(_known, results, run))


def _known(results: Results, run: str) -> dict[int, Known]:
    import torch

    from wganbench.fidelity import saved_nets as nets
    from wganbench.fidelity.extractors import features_of, load, space_of
    from wganbench.records.data import read_data
    from wganbench.training.process import prepare_torch
    from wganbench.training.restored import restore
    from wganbench.training.streams import Streams

    prepare_torch("cpu")
    planned, folder = results.runs[run], results.folder / run
    configuration = planned.configuration
    data, generator, critic = configuration.data, configuration.generator, configuration.critic
    assert generator is not None, "of an algorithm that has one"
    assert critic is not None, "of an algorithm that has one"
    assert configuration.constraint is not None, "where there is a critic"
    extractors = results.folder.with_name(EXTRACTORS.name)
    extractor = load(space_of(data, planned.extractor, extractors))

    def look(images: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        found = features_of(extractor, images)
        return found.features, found.logits

    streams = Streams(planned.seeds, torch.device("cpu"))
    made = restore(generator.build(data.shape, streams), "generator", planned, folder)
    judge = critic.build(data.shape, streams)
    configuration.constraint.prepare(judge, streams)
    arrays = results.once(("data", data.id), partial(read_data, data, results.data))
    assert arrays.labels is not None, "a classifier learned them"
    assert arrays.heldout_labels is not None, "and was tested by them"
    few = nets.few_of_each(arrays.labels)
    images = np.concatenate([np.asarray(arrays.train[few]), np.asarray(arrays.heldout)])
    ways = nets.walks(made, generator.latent_dim, streams, look)
    moves = nets.class_moves(made, generator.latent_dim, streams, look)
    untrained = nets.critic_features(judge, images)
    trained = nets.critic_features(restore(judge, "critic", planned, folder), images)
    labels = arrays.labels[few], arrays.heldout_labels

    def accuracy(features: np.ndarray) -> float:
        flat = features.reshape(len(features), -1)
        return nets.probed(flat[: len(few)], labels[0], flat[len(few) :], labels[1])

    pixels = accuracy(images)
    return {
        seed: Known(
            ways[row].largest, *moves[row], accuracy(trained[row]), accuracy(untrained[row]),
            pixels, ways[row].images,
        )
        for seed, row in results.replicas(run).items()
    }  # fmt: skip
