"""`fidelity.parquet`: how good a run's saved samples are."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from wganbench.errors import UserError
from wganbench.fidelity.made import read_made
from wganbench.fidelity.modes import coverage
from wganbench.files import sha256_of
from wganbench.plan.digest import fidelity_code
from wganbench.plan.products import EXTRACTORS, FIDELITY, RECORD, extractor_files
from wganbench.plan.runs import Run
from wganbench.tables import read_table, schema, write_table
from wganbench.training.record import read_record
from wganbench.training.samples import Samples, read_samples

SCHEMA_VERSION = 2
# Columns of mixtures are null for images and the other way round.
COUNTS = {
    "n": "generated samples; as many held-out real ones",
    "modes": "modes of the mixture",
    "modes_loose": "modes covered, loosely",
    "modes_strict": "modes with a sample in 3 sigma",
    "classes": "classes of the images' labels",
    "classes_held": "classes with a fifth of their fair share of the generated images, by the "
    "classifier's labels",
}
AT_ENDS = "; null but at the last evaluation point and the best"
NUMBERS = {
    "share_strict": "samples within 3 sigma of a mode",
    "fid": "Frechet distance in the extractor's space, generated against held-out real",
    "kid": "unbiased squared MMD in the same space" + AT_ENDS,
    "isc": "Inception score of the extractor's labels",
    "precision": "share of generated images among real ones' neighbours" + AT_ENDS,
    "recall": "share of real images among generated ones' neighbours" + AT_ENDS,
    "label_entropy": "entropy of the generated images' labels (nats), by the classifier",
    "label_entropy_heldout": "the same of the held-out real images",
    "nearest_train": "mean distance to the nearest training image in the same space" + AT_ENDS,
    "nearest_train_heldout": "the same of the held-out real images",
}
FLOORED = ("fid", "kid", "isc", "precision", "recall")
NUMBERS |= {
    f"{name}_floor{sd}": f"{words} of {name} for training images in place of the generated ones"
    for name in FLOORED
    for sd, words in (("", "mean"), ("_sd", "standard deviation over draws"))
}
LISTS = {
    "nearest_places": (pa.int64(), "place of the training image nearest to each of the first 64"),
    "nearest_distances": (pa.float64(), "its distance"),
}


def _field(name: str, kind: pa.DataType, about: str) -> pa.Field:
    return pa.field(name, kind, metadata={"about": about})


SCHEMA = schema(
    "fidelity",
    SCHEMA_VERSION,
    [
        pa.field("seed", pa.int64(), nullable=False),
        pa.field("iteration", pa.int64(), nullable=False),
        *(_field(name, pa.int64(), about) for name, about in COUNTS.items()),
        *(_field(name, pa.float64(), about) for name, about in NUMBERS.items()),
        _field("extractor", pa.string(), "space of all that is measured on images, and its digest"),
        _field("is_best", pa.bool_(), "whether this is the seed's lowest fid"),
        *(_field(name, pa.list_(kind), about + AT_ENDS) for name, (kind, about) in LISTS.items()),
    ],
)


def measure_fidelity(run: Run, folder: Path, extractors: Path = EXTRACTORS) -> None:
    """Measure every seed at every evaluation point and write the table into the run's folder.

    Raises:
        UserError: there is nothing to measure by, or a file is missing or damaged.
    """
    data = run.configuration.data
    rows: Iterable[dict[str, Any]]
    if data.modes() is not None:
        rows = _mode_rows(run, read_samples(folder / "samples.npz", run))
    elif extractor_files(data, run.extractor):
        rows = _image_rows(run, folder, extractors)
    elif data.kind == "images":
        raise UserError(f"{run.id}: {data.name} has no labels; set extractor: inception")
    else:
        raise UserError(f"{run.id}: {data.name} is no mixture, it has no modes")
    code = fidelity_code(run.configuration, run.extractor)
    source = fidelity_source(run, folder, extractors)
    write_table(rows, SCHEMA, folder / FIDELITY, code, run.digest, source)


def fidelity_source(run: Run, folder: Path, extractors: Path = EXTRACTORS) -> str:
    """Return the digest of the samples and of the feature space that they are measured in.

    Raises:
        UserError: the space is missing or damaged.
    """
    samples = sha256_of(folder / "samples.npz")
    data = run.configuration.data
    if not extractor_files(data, run.extractor):
        return samples
    return f"{samples}-{read_made(extractors / f'{data.id}.json').sha256}"


def _mode_rows(run: Run, samples: Samples) -> Iterator[dict[str, Any]]:
    modes, std = run.configuration.data.modes(), run.configuration.data.mode_std()
    assert modes is not None, "a mixture has modes"
    assert std is not None, "and they have a width"
    for s, e in np.argwhere(samples.valid):
        yield {
            "seed": int(samples.seeds[s]),
            "iteration": int(samples.iterations[e]),
            "n": samples.generated.shape[2],
            "modes": len(modes),
            **asdict(coverage(samples.generated[s, e], modes, std)),
        }


def _image_rows(run: Run, folder: Path, extractors: Path) -> list[dict[str, Any]]:
    from wganbench.fidelity.extractors import space_of
    from wganbench.fidelity.images import image_rows
    from wganbench.fidelity.store import read_real
    from wganbench.training.train import prepare_torch

    prepare_torch("cpu")
    data = run.configuration.data
    path = extractors / f"{data.id}.npz"
    real, record = read_real(path), read_record(folder / RECORD)
    if record.provenance.data_sha256 != real.made.data_sha256:
        raise UserError(
            f"{path}: is of another data file than the run was trained on; run "
            f"`wganbench extractor {data.id}`, or train the run again"
        )
    space = space_of(data, run.extractor, extractors)
    return list(image_rows(read_samples(folder / "samples.npz", run), space, real))


def read_fidelity(path: Path, run: str | None = None) -> pa.Table:
    """Return a run's fidelity, checked to be its own where its digest is given.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
    return read_table(path, SCHEMA, "run `wganbench fidelity` for this run again", run)
