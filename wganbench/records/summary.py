"""`summary.parquet` and `summary.csv`: one row per run and seed, with what each ended at."""

from pathlib import Path

import pandas as pd
import pyarrow as pa

from wganbench.records.fidelity import AT_ENDS
from wganbench.records.fidelity import COUNTS as COUNTED
from wganbench.records.fidelity import NUMBERS as MEASURED
from wganbench.records.tables import column, columns, read_table, schema
from wganbench.records.unlabelled import NUMBERS as UNLABELLED

SCHEMA_VERSION = 2
FILE = "summary.parquet"
CSV = "summary.csv"  # the same for people and for git
# Of fidelity.parquet's columns, those of images.
IMAGE = tuple(name for name in MEASURED if name != "share_strict")
# What a seed ended at. All of it is null for a seed that diverged, and where it does not apply.
FINAL = {
    "w1": "exact W1, generated against held-out samples, at the last evaluation point",
    "floor": "mean exact W1 between two samples of the law",
    "floor_sd": "standard deviation of the floor",
    "w1_true": "true W1 of a pair of laws, if known",
    "n": "generated samples that these are measured on; as many held-out real ones",
    "modes": "modes of the law",
    "modes_loose": "modes covered, loosely",
    "modes_strict": "modes with a sample within 3 sigma",
    "share_strict": "share of samples within 3 sigma of a mode",
    "classes": COUNTED["classes"],
    "classes_held": COUNTED["classes_held"],
    **{name: about.removesuffix(AT_ENDS) for name, about in MEASURED.items() if name in IMAGE},
    **UNLABELLED,
    "estimate_heldout": "E f(real) - E f(generated), held-out",
    "estimate_train": "the same with training samples in place of the held-out ones",
    "normalised": "estimate_heldout / gradient_norm_max; null where that norm is 0",
    "divergence_heldout": "the divergence that the critic's value estimates (nats), held-out",
    "gradient_norm_max": "largest norm of the critic's input gradient",
    "gradient_norm_interpolates": "mean norm of the critic's input gradient on interpolates",
}
COUNTS = tuple(name for name in FINAL if name in COUNTED)
BEST = {
    "fid_best": ("fid", "lowest fid of all evaluation points: chosen with hindsight"),
    "best_iteration": ("iteration", "iteration at which that was"),
}
RANKED = {
    "rank_correlation": ("estimate_heldout", "Spearman's, of estimate_heldout and exact W1"),
    "rank_correlation_normalised": ("normalised", "Spearman's, of the normalised one and exact W1"),
}
RANKED_FID = "rank_correlation_fid"


SCHEMA = schema(
    "summary",
    SCHEMA_VERSION,
    [
        column("id", pa.string(), "the run", nullable=False),
        column("experiment", pa.string(), "the experiment", nullable=False),
        column("name", pa.string(), "the run's folder in the experiment's", nullable=False),
        column("scale", pa.string(), "the scale", nullable=False),
        column("method", pa.string(), "the method", nullable=False),
        column("data", pa.string(), "id of the data set", nullable=False),
        column("seed", pa.int64(), "the replica's seed", nullable=False),
        column("status", pa.string(), "ok or diverged", nullable=False),
        column("diverged_at", pa.int64(), "iteration at which it diverged"),
        column("seconds", pa.float64(), "wall-clock seconds of the run, all seeds together"),
        column("per_iteration", pa.float64(), "training seconds per iteration, all seeds together"),
        column("device", pa.string(), "name of the processor or GPU"),
        *(
            column(name, pa.int64() if name in COUNTS else pa.float64(), about)
            for name, about in FINAL.items()
        ),
        *(
            column(name, pa.float64(), f"{about} over the evaluation points")
            for name, (_, about) in RANKED.items()
        ),
        *columns(pa.float64(), {name: about for name, (_, about) in BEST.items()}),
        column(
            RANKED_FID,
            pa.float64(),
            "Spearman's, of the critic's held-out estimate and fid over the evaluation points",
        ),
        column("extractor", pa.string(), "space in which images were measured, and its digest"),
        column("digest", pa.string(), "digest of configuration and seeds", nullable=False),
        column("code_digest", pa.string(), "digest of the code that trained it", nullable=False),
    ],
)


def read_summary(results: Path) -> pd.DataFrame:
    """Return the summary.

    Raises:
        UserError: it is missing, damaged, or of another schema version.
    """
    table: pd.DataFrame = read_table(results / FILE, SCHEMA, "run `wganbench summary`").to_pandas()
    return table
