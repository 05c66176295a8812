"""`fidelity.parquet`: how good a run's saved samples are."""

from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from wganbench.errors import UserError
from wganbench.fidelity.modes import coverage
from wganbench.plan.digest import fidelity_code
from wganbench.plan.products import FIDELITY
from wganbench.plan.runs import Run
from wganbench.tables import read_table, schema, write_table
from wganbench.training.samples import read_samples

SCHEMA_VERSION = 1
SCHEMA = schema(
    "fidelity",
    SCHEMA_VERSION,
    [
        pa.field("seed", pa.int64(), nullable=False),
        pa.field("iteration", pa.int64(), nullable=False),
        pa.field("modes", pa.int64(), metadata={"about": "modes of the law"}),
        pa.field("modes_loose", pa.int64(), metadata={"about": "modes covered, loosely"}),
        pa.field("modes_strict", pa.int64(), metadata={"about": "modes with a sample in 3 sigma"}),
        pa.field("share_strict", pa.float64(), metadata={"about": "samples within 3 sigma"}),
    ],
)


def measure_fidelity(run: Run, folder: Path) -> None:
    """Measure every seed at every evaluation point and write the table into the run's folder.

    Raises:
        UserError: the run's law has no modes, or its samples are missing or damaged.
    """
    modes, std = run.configuration.data.modes(), run.configuration.data.mode_std()
    if modes is None or std is None:
        raise UserError(f"{run.id}: {run.configuration.data.name} is no mixture, it has no modes")
    samples = read_samples(folder / "samples.npz")
    rows = [
        {
            "seed": int(seed),
            "iteration": int(iteration),
            "modes": len(modes),
            **asdict(coverage(samples.generated[s, e], modes, std)),
        }
        for s, seed in enumerate(samples.seeds)
        for e, iteration in enumerate(samples.iterations)
        if samples.valid[s, e]
    ]
    write_table(rows, SCHEMA, folder / FIDELITY, fidelity_code(run.configuration))


def read_fidelity(path: Path) -> pa.Table:
    """Return a run's fidelity.

    Raises:
        UserError: the file is missing, damaged, or of another schema version.
    """
    return read_table(path, SCHEMA, "run `wganbench fidelity` for this run again")
