"""`unlabelled.parquet`: how good a run's images are where their set has no feature space."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from wganbench.errors import UserError
from wganbench.fidelity.metrics import kid
from wganbench.fidelity.pyramids import has_pyramid, pyramid_distances
from wganbench.fidelity.random_features import RandomFeatures
from wganbench.files import sha256_of
from wganbench.plan.measurements.unlabelled import ROW
from wganbench.plan.runs import Run
from wganbench.records.data import DATA, read_data, read_manifest
from wganbench.records.layout import RECORD
from wganbench.records.run import read_record
from wganbench.records.samples import Samples, read_samples
from wganbench.records.tables import write_table
from wganbench.records.unlabelled import SCHEMA, WORDS

FLOOR_DRAWS = 5
Images = UInt8[np.ndarray, "n channel row column"]
Row = dict[str, Any]


def measure(run: Run, folder: Path, data: Path = DATA) -> None:
    """Measure every seed at every evaluation point and write the table into the run's folder.

    Raises:
        UserError: a file is missing or damaged, or the data are not what the run was trained on.
    """
    from wganbench.training.process import prepare_torch

    prepare_torch("cpu")
    path = data / f"{run.configuration.data.id}.npz"
    train = read_data(run.configuration.data, data).train
    if read_manifest(path).sha256 != read_record(folder / RECORD).provenance.data_sha256:
        raise UserError(f"{path}: is not the file that {run.id} was trained on; train it again")
    samples = read_samples(folder / "samples.npz", run)
    rows = list(_rows(samples, train))
    origin = source(run, folder, data)
    write_table(rows, SCHEMA, folder / ROW.file, ROW.code_on(run), run.digest, origin)


def source(run: Run, folder: Path, data: Path = DATA) -> str:
    """Return the digest of the samples and of the data that the floors are taken from."""
    manifest = read_manifest(data / f"{run.configuration.data.id}.npz")
    return f"{sha256_of(folder / 'samples.npz')}-{manifest.sha256}"


def _rows(samples: Samples, train: Images) -> Iterator[Row]:
    compared = Compared(samples.real)
    common = {"n": samples.generated.shape[2], **compared.floors(train)}
    for s, e in np.argwhere(samples.valid):
        place = {"seed": int(samples.seeds[s]), "iteration": int(samples.iterations[e])}
        yield place | common | compared.numbers(samples.generated[s, e])


class Compared:
    """Held-out images, and how far others are from them."""

    def __init__(self, real: Images) -> None:
        self.real = real
        self.space = RandomFeatures(real.shape[1])
        self.features = self.space.features(real)

    def numbers(self, images: Images) -> Row:
        """Return what is measured; patches are left out of images too small for a pyramid."""
        row: Row = {
            "kid_random": kid(self.space.features(images), self.features),
            "random_space": self.space.tag,
        }
        if has_pyramid(self.real):
            levels = list(pyramid_distances(images, self.real).values())
            row |= {"patches": float(np.mean(levels)), "patch_levels": levels}
        return row

    def floors(self, train: Images) -> Row:
        """Return mean and standard deviation of each number for as many training images.

        Null where there are fewer of them than held-out ones.
        """
        n = len(self.real)
        if len(train) < n:
            return {}
        rng = np.random.default_rng(0)
        drawn = [rng.choice(len(train), n, replace=False) for _ in range(FLOOR_DRAWS)]
        rows = [self.numbers(np.asarray(train[places])) for places in drawn]
        row: Row = {}
        for name in WORDS.keys() & rows[0].keys():
            values = np.array([numbers[name] for numbers in rows])
            row |= {f"{name}_floor": values.mean(), f"{name}_floor_sd": values.std(ddof=1)}
        return row
