"""Writing a data set: `data/ID.npz` and its manifest."""

from pathlib import Path

import numpy as np

from wganbench.data import DataSet
from wganbench.files import sha256_of, written_atomically
from wganbench.plugins.code import code_digest
from wganbench.records.data import DATA, SCHEMA_VERSION, Manifest, check_space, write_npz

# The data are part of the benchmark, so their seed is a constant and no setting.
DATA_SEED = 20170126  # [WGAN]'s day on arXiv


def write_data(data: DataSet, folder: Path = DATA) -> Path:
    """Generate a data set and write its two files; return the .npz file's path.

    Images are written as they are decoded, so that memory does not limit their number.

    Raises:
        UserError: a file that the data set needs is missing or damaged, or the disk is too full.
    """
    path = folder / f"{data.id}.npz"
    raw = data.raw_state()  # before they are read: what changes meanwhile is seen later
    columns = data.columns(np.random.default_rng(DATA_SEED))
    with written_atomically(path) as temporary:
        check_space(path, sum(column.nbytes for column in columns.values()))
        write_npz(temporary, columns)
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        id=data.id,
        settings=data.identity(),
        source=data.source,
        kind=data.kind,
        shapes={key: list(column.shape) for key, column in columns.items()},
        sha256=sha256_of(path),
        code_digest=code_digest(__name__, plugins=[data]),
        raw=raw,
    )
    with written_atomically(path.with_suffix(".json")) as temporary:
        temporary.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path
