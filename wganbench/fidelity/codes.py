"""`codes.parquet`: are an InfoGAN's categories the classes, and what do its codes move?

Categories of saved samples are known, as they take turns; a classifier says what the images show.
Traversals are made by the trained generator, anew.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor

from wganbench.algorithms.infogan import InfoGAN
from wganbench.fidelity.extractors import features_of, load, space_of
from wganbench.files import sha256_of
from wganbench.grey_levels import as_levels
from wganbench.matching import information, joint_counts, matched, matched_share
from wganbench.plan.measurements.codes import ROW
from wganbench.plan.runs import Run
from wganbench.records.codes import FIRST_CODE, SCHEMA
from wganbench.records.extractor import read_made
from wganbench.records.layout import EXTRACTORS
from wganbench.records.networks import NETWORKS
from wganbench.records.samples import read_samples
from wganbench.records.tables import write_table
from wganbench.training.process import prepare_torch
from wganbench.training.restored import restore
from wganbench.training.streams import Streams

SHUFFLES = 20
Row = dict[str, Any]


def measure(run: Run, folder: Path, extractors: Path = EXTRACTORS) -> None:
    """Measure every seed at every evaluation point and write the table into the run's folder.

    Raises:
        UserError: a file is missing, damaged or of another run.
    """
    prepare_torch("cpu")
    path = folder / ROW.file
    code, origin = ROW.code_on(run), source(run, folder, extractors)
    write_table(rows_of(run, folder, extractors), SCHEMA, path, code, run.digest, origin)


def source(run: Run, folder: Path, extractors: Path = EXTRACTORS) -> str:
    """Return the digest of samples, networks and the classifier."""
    made = read_made(extractors / f"{run.configuration.data.id}.json")
    parts = [sha256_of(folder / "samples.npz"), sha256_of(folder / NETWORKS), made.sha256]
    return "-".join(parts)


def rows_of(run: Run, folder: Path, extractors: Path) -> Iterator[Row]:
    """Yield a row for each seed and evaluation."""
    data, algorithm = run.configuration.data, run.configuration.algorithm
    assert isinstance(algorithm, InfoGAN), "it is measured of no other"
    samples = read_samples(folder / "samples.npz", run)
    extractor = load(space_of(data, "classifier", extractors))
    categories = algorithm.category_of(samples.generated.shape[2])
    moved = traversals(run, folder)
    for s, seed in enumerate(samples.seeds):
        evaluations = np.flatnonzero(samples.valid[s])
        for e in evaluations:
            logits = features_of(extractor, samples.generated[s, e]).logits
            shape = algorithm.categories, logits.shape[1]
            labels = logits.argmax(1).numpy()
            row = {"seed": int(seed), "iteration": int(samples.iterations[e])}
            row |= agreement(categories, labels, shape)
            if e == evaluations[-1]:
                row["classes"] = matched(joint_counts(categories, labels, shape)).tolist()
                row["traversal"] = moved[s].ravel().tolist()
            yield row


def agreement(
    categories: Int[np.ndarray, " n"], labels: Int[np.ndarray, " n"], shape: tuple[int, int]
) -> Row:
    """Return how well categories and labels go together, beside what chance gives."""
    counts = joint_counts(categories, labels, shape)
    rng = np.random.default_rng(0)
    by_chance = [joint_counts(rng.permutation(categories), labels, shape) for _ in range(SHUFFLES)]
    return {
        "matched_accuracy": matched_share(counts),
        "matched_accuracy_floor": float(np.mean([matched_share(c) for c in by_chance])),
        "label_information": information(counts),
        "label_information_floor": float(np.mean([information(c) for c in by_chance])),
    }


def traversals(run: Run, folder: Path) -> UInt8[np.ndarray, "seed category*step channel row col"]:
    """Return images of every category, and in it of the first continuous code's steps.

    A seed's images have the same noise and the same other codes, but where there is no continuous
    code: then each step has noise of its own.

    Raises:
        UserError: the networks are missing, damaged or of another run.
    """
    algorithm, shape = run.configuration.algorithm, run.configuration.data.shape
    assert isinstance(algorithm, InfoGAN), "it is measured of no other"
    streams = Streams(run.seeds, torch.device("cpu"))
    net = restore(algorithm.wide_generator.build(shape, streams), "generator", run, folder)
    with torch.no_grad():
        images = net(_grid(algorithm, streams))
    grey: np.ndarray = as_levels(images).numpy()
    return grey


def _grid(algorithm: InfoGAN, streams: Streams) -> Float[Tensor, "seed n latent"]:
    k, steps = algorithm.categories, len(FIRST_CODE)
    size = algorithm.continuous + algorithm.generator.latent_dim
    drawn = streams.bounded("traversal", 1.0, 1 if algorithm.continuous else steps, size)
    rest = drawn.expand(-1, steps, -1).clone()
    if algorithm.continuous:
        rest[..., 0] = torch.tensor(FIRST_CODE)
    categories = torch.eye(k).repeat_interleave(steps, 0).expand(streams.replicas, -1, -1)
    return torch.cat([categories, rest.repeat(1, k, 1)], dim=-1)
