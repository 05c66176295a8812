"""`fidelity.parquet`: how good a run's saved samples are."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from typer import echo

from wganbench.errors import UserError
from wganbench.fidelity.modes import coverage
from wganbench.files import sha256_of
from wganbench.plan.measurements.fidelity import ROW
from wganbench.plan.runs import Run
from wganbench.records.extractor import read_made
from wganbench.records.fidelity import SCHEMA
from wganbench.records.layout import EXTRACTORS, RECORD, extractor_files
from wganbench.records.run import read_record
from wganbench.records.samples import Samples, read_samples
from wganbench.records.tables import write_table


def measure(run: Run, folder: Path, extractors: Path = EXTRACTORS) -> None:
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
    samples = source(run, folder, extractors)
    write_table(rows, SCHEMA, folder / ROW.file, ROW.code_on(run), run.digest, samples)


def source(run: Run, folder: Path, extractors: Path = EXTRACTORS) -> str:
    """Return the digest of the samples and of the feature space that they are measured in."""
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
    from wganbench.fidelity.metrics import NEIGHBOURS
    from wganbench.fidelity.store import read_real
    from wganbench.training.process import prepare_torch

    data = run.configuration.data
    space = space_of(data, run.extractor, extractors, run.device)
    prepare_torch(space.device)
    path = extractors / f"{data.id}.npz"
    real, record = read_real(path), read_record(folder / RECORD)
    if record.provenance.data_sha256 != real.made.data_sha256:
        raise UserError(
            f"{path}: is of another data file than the run was trained on; run "
            f"`wganbench extractor {data.id}`, or train the run again"
        )
    samples = read_samples(folder / "samples.npz", run)
    if len(samples.real) <= NEIGHBOURS:
        echo(
            f"{run.id}: precision and recall are left out: they take the distance to the "
            f"{NEIGHBOURS}rd neighbour, and there are {len(samples.real)} samples",
            err=True,
        )
    return list(image_rows(samples, space, real))
