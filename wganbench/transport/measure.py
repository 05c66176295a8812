"""`transport.parquet`: exact W1 of a run's saved samples, with its floor beside it."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from wganbench.data.store import DATA, read_data
from wganbench.plan.runs import Run
from wganbench.tables import read_table, schema, write_table
from wganbench.training.samples import Samples, as_floats, read_samples
from wganbench.transport.exact import exact_w1, floor

SCHEMA_VERSION = 1
FLOOR_DRAWS = 5
SCHEMA = schema(
    "transport",
    SCHEMA_VERSION,
    [
        pa.field("seed", pa.int64(), nullable=False),
        pa.field("iteration", pa.int64(), nullable=False),
        pa.field("n", pa.int64(), metadata={"about": "generated samples; as many real ones"}),
        pa.field("w1", pa.float64(), metadata={"about": "exact W1, generated against held-out"}),
        pa.field("floor", pa.float64(), metadata={"about": "mean W1 of two samples of the law"}),
        pa.field("floor_sd", pa.float64(), metadata={"about": "its standard deviation"}),
        pa.field("w1_closed_form", pa.float64(), metadata={"about": "true W1 of a pair, if known"}),
    ],
)


def measure_transport(run: Run, folder: Path, data: Path = DATA) -> None:
    """Measure every seed at every evaluation point and write the table into the run's folder.

    Raises:
        UserError: samples or data are missing or damaged.
        SolverError: a distance could not be had; nothing is written then.
    """
    samples = read_samples(folder / "samples.npz")
    dataset = run.configuration.data
    real = as_floats(samples.real)
    n = samples.generated.shape[2]
    floors = floor(real, read_data(dataset, data).train, n, FLOOR_DRAWS, np.random.default_rng(0))
    common = {
        "n": n,
        "floor": float(floors.mean()),
        "floor_sd": float(floors.std(ddof=1)),
        "w1_closed_form": dataset.closed_form_w1(),
    }
    rows = [{**row, **common} for row in _distances(samples)]
    write_table(rows, SCHEMA, folder / "transport.parquet")


def _distances(samples: Samples) -> list[dict[str, float | int]]:
    real = as_floats(samples.real)
    known: dict[bytes, float] = {}  # a fixed model's samples are the same at every point
    rows: list[dict[str, float | int]] = []
    for s, seed in enumerate(samples.seeds):
        for e, iteration in enumerate(samples.iterations):
            if not samples.valid[s, e]:
                continue
            generated = samples.generated[s, e]
            key = generated.tobytes()
            if key not in known:
                known[key] = exact_w1(as_floats(generated), real)
            rows.append({"seed": int(seed), "iteration": int(iteration), "w1": known[key]})
    return rows


def read_transport(path: Path) -> pa.Table:
    """Return a run's distances.

    Raises:
        UserError: the file is missing, damaged, or of another schema version.
    """
    return read_table(path, SCHEMA, "run `wganbench transport` for this run again")
