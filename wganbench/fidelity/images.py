"""The rows of `fidelity.parquet` for a run that makes images."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from wganbench.fidelity.diversity import classes_held, entropy, label_counts, nearest
from wganbench.fidelity.extractors import Features, Space, features_of, load
from wganbench.fidelity.metrics import (
    NEIGHBOURS,
    Statistics,
    fid,
    isc,
    kid,
    precision_recall,
    statistics,
)
from wganbench.fidelity.store import Real
from wganbench.records.fidelity import FLOORED
from wganbench.records.samples import Samples

FLOOR_DRAWS = 5
NEAREST_SHOWN = 64  # samples whose nearest training image is recorded

Row = dict[str, Any]


@dataclass(frozen=True)
class Reference:
    """Real images that a run's samples are compared with: held-out ones, and training ones."""

    train: Features
    heldout: Features
    knows_classes: bool

    @cached_property
    def statistics(self) -> Statistics:
        return statistics(self.heldout.features)

    def quick(self, generated: Features) -> Row:
        """Return what is measured at every evaluation point."""
        distance = fid(statistics(generated.features), self.statistics)
        row: Row = {"fid": distance, "isc": isc(generated)}
        if self.knows_classes:
            counts = label_counts(generated.logits)
            row |= {"classes_held": classes_held(counts), "label_entropy": entropy(counts)}
        return row

    def full(self, generated: Features) -> Row:
        """Return what takes longer, too; of few samples neither precision nor recall."""
        row = self.quick(generated) | {"kid": kid(generated, self.heldout)}
        if min(len(generated), len(self.heldout)) > NEIGHBOURS:
            row["precision"], row["recall"] = precision_recall(generated, self.heldout)
        return row

    def memorisation(self, generated: Features) -> Row:
        """Return how near samples are to training images, and which are nearest to the first."""
        distances, places = nearest(generated.features, self.train.features)
        return {
            "nearest_train": float(distances.mean()),
            "nearest_places": places[:NEAREST_SHOWN].tolist(),
            "nearest_distances": distances[:NEAREST_SHOWN].astype(float).tolist(),
        }

    def floors(self) -> Row:
        """Return every quantity for equally many training images in the samples' place.

        Mean and standard deviation over draws without replacement; null where the training part is
        smaller than the held-out sample. `_heldout` is of the held-out images themselves.
        """
        n, row = len(self.heldout), self._of_heldout()
        if len(self.train) < n:
            return row
        rng = np.random.default_rng(0)
        draws = [
            self.full(self.train[torch.from_numpy(rng.choice(len(self.train), n, replace=False))])
            for _ in range(FLOOR_DRAWS)
        ]
        for name in [name for name in FLOORED if name in draws[0]]:
            values = np.array([draw[name] for draw in draws])
            row[f"{name}_floor"] = float(values.mean())
            row[f"{name}_floor_sd"] = float(values.std(ddof=1))
        return row

    def _of_heldout(self) -> Row:
        distances, _ = nearest(self.heldout.features, self.train.features)
        row: Row = {"nearest_train_heldout": float(distances.mean())}
        if self.knows_classes:
            row["classes"] = self.heldout.logits.shape[1]
            row["label_entropy_heldout"] = entropy(label_counts(self.heldout.logits))
        return row


def image_rows(samples: Samples, space: Space, real: Real) -> Iterator[Row]:
    """Yield a row for each seed and evaluation point, the full set of metrics at best and last."""
    n = samples.generated.shape[2]
    reference = Reference(real.train, real.heldout[: len(samples.real)], space.knows_classes)
    common = {"n": n, "extractor": real.made.extractor, **reference.floors()}
    extractor = load(space)
    for s, seed in enumerate(samples.seeds):
        found = {
            int(iteration): features_of(extractor, samples.generated[s, e])
            for e, iteration in enumerate(samples.iterations)
            if samples.valid[s, e]
        }
        yield from ({"seed": int(seed), **row, **common} for row in _rows_of_seed(found, reference))


def _rows_of_seed(found: dict[int, Features], reference: Reference) -> Iterator[Row]:
    """Yield a seed's rows, by iteration."""
    rows = {iteration: reference.quick(features) for iteration, features in found.items()}
    if not rows:
        return
    best, last = min(rows, key=lambda iteration: rows[iteration]["fid"]), max(rows)
    for iteration in {best, last}:
        rows[iteration] |= reference.full(found[iteration])
        rows[iteration] |= reference.memorisation(found[iteration])
    for iteration, row in rows.items():
        yield {"iteration": iteration, "is_best": iteration == best, **row}
