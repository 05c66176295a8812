"""`nets.parquet`: what a run's saved nets know of images; see `saved_nets`."""

from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import nn

from wganbench.fidelity import saved_nets
from wganbench.fidelity.asking import SHOWN
from wganbench.fidelity.extractors import features_of, load, space_of
from wganbench.files import sha256_of
from wganbench.plan.measurements.nets import ROW
from wganbench.plan.runs import Run
from wganbench.records.data import DATA, Arrays, read_data, read_manifest
from wganbench.records.extractor import read_made
from wganbench.records.layout import EXTRACTORS, RECORD
from wganbench.records.nets import SCHEMA
from wganbench.records.networks import NETWORKS
from wganbench.records.run import read_record
from wganbench.records.samples import read_samples
from wganbench.records.tables import write_table
from wganbench.training.process import prepare_torch
from wganbench.training.restored import restore
from wganbench.training.streams import Streams

Row = dict[str, Any]


def measure(run: Run, folder: Path, data: Path = DATA, extractors: Path = EXTRACTORS) -> None:
    """Measure every seed that did not diverge and write the table into the run's folder.

    Raises:
        UserError: a file is missing, damaged or of another run.
    """
    prepare_torch("cpu")
    code, origin = ROW.code_on(run), source(run, folder, data, extractors)
    rows = _rows(run, folder, data, extractors)
    write_table(rows, SCHEMA, folder / ROW.file, code, run.digest, origin)


def source(run: Run, folder: Path, data: Path = DATA, extractors: Path = EXTRACTORS) -> str:
    """Return the digest of networks, data and the classifier."""
    name = run.configuration.data.id
    made, manifest = read_made(extractors / f"{name}.json"), read_manifest(data / f"{name}.npz")
    return "-".join([sha256_of(folder / NETWORKS), made.sha256, manifest.sha256])


def _rows(run: Run, folder: Path, data: Path, extractors: Path) -> Iterator[Row]:
    """Yield a row for each seed, at its last evaluation."""
    configuration = run.configuration
    extractor = load(space_of(configuration.data, "classifier", extractors))

    def look(images: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        found = features_of(extractor, images)
        return found.features, found.logits

    streams = Streams(run.seeds, torch.device("cpu"))
    generator, untrained = _nets(run, streams)
    restore(generator, "generator", run, folder)
    latent_dim = configuration.get("generator.latent_dim")
    ways = saved_nets.walks(generator, latent_dim, streams, look)
    moves = saved_nets.class_moves(generator, latent_dim, streams, look)
    probe = _Probe(read_data(configuration.data, data))
    before = probe.accuracies(untrained)
    after = probe.accuracies(restore(untrained, "critic", run, folder))
    record, samples = read_record(folder / RECORD), read_samples(folder / "samples.npz", run)
    for seed, row in record.replicas().items():
        numbers = {
            "walk_step": ways[row].largest,
            "moved": moves[row][0],
            "moved_floor": moves[row][1],
            "probe": after[row],
            "probe_untrained": before[row],
            "probe_pixels": probe.of_pixels,
        }
        last = np.flatnonzero(samples.valid[row])[-1]
        yield {
            "seed": seed,
            "iteration": int(samples.iterations[last]),
            **{name: value if isfinite(value) else None for name, value in numbers.items()},
            "walks": ways[row].images[:SHOWN].ravel().tolist(),
        }


def _nets(run: Run, streams: Streams) -> tuple[nn.Module, nn.Module]:
    """Return generator and critic as they were before training."""
    c = run.configuration
    assert c.generator is not None, "of an algorithm that has one"
    assert c.critic is not None, "of an algorithm that has one"
    assert c.constraint is not None, "where there is a critic"
    generator = c.generator.build(c.data.shape, streams)
    critic = c.critic.build(c.data.shape, streams)
    c.constraint.prepare(critic, streams)
    return generator, critic


class _Probe:
    """Linear classifiers that learn from a few images of each class, of features of these."""

    def __init__(self, arrays: Arrays) -> None:
        assert arrays.labels is not None, "a classifier learned them"
        assert arrays.heldout_labels is not None, "and was tested by them"
        few = saved_nets.few_of_each(arrays.labels)
        self.images = np.concatenate([np.asarray(arrays.train[few]), np.asarray(arrays.heldout)])
        self.learned = len(few)
        self.labels = np.concatenate([arrays.labels[few], arrays.heldout_labels])
        self.of_pixels = self._accuracy(self.images)

    def accuracies(self, critic: nn.Module) -> list[float]:
        """Return the accuracy of each replica's features."""
        return [self._accuracy(f) for f in saved_nets.critic_features(critic, self.images)]

    def _accuracy(self, features: Float[np.ndarray, "n *feature"]) -> float:
        flat, k = features.reshape(len(features), -1), self.learned
        return saved_nets.probed(flat[:k], self.labels[:k], flat[k:], self.labels[k:])
