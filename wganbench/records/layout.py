"""Which files a run consists of: what the rules make, and what status, prune and verify look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from wganbench.data import DataSet

RAW = Path("raw")  # a set's own folder there may be a link to where the files really are
RESULTS = Path("results")
RUNS = RESULTS / "runs"  # EXPERIMENT/NAME/ for each run
# One feature space for each image set, in which its runs' images are compared with real ones.
EXTRACTORS = RESULTS / "extractors"
# What is made of all runs of a scale, SCALE/ each; kept side by side, and small but for a parquet.
SCALES = RESULTS / "scales"
REPORTS = Path("reports")
# Of runs in the making, EXPERIMENT/NAME/ each: outside of all that Snakemake and DVC clear up.
CHECKPOINTS = Path("scratch/checkpoints")
# States of finished runs, kept on request, that a run with more iterations goes on from.
KEPT = Path("scratch/kept")
CHECKPOINT_EVERY = 60.0  # seconds between two of them: what a kill costs at most
CLAIMS = "claims.json"
RECORD = "run.json"
TRAINED = (RECORD, "curves.parquet", "samples.npz", "networks.safetensors")
# What makes images into features: a classifier trained on the set itself, for sets with labels, or
# Inception v3, whose weights the user provides.
Extractor = Literal["classifier", "inception"]
# Of a set's files, the features come last: made with the weights, their digest is in the json.
EXTRACTOR_SUFFIXES: dict[str, tuple[str, ...]] = {
    "classifier": (".safetensors", ".json", ".npz"),
    "inception": (".json", ".npz"),
}


def extractor_files(data: DataSet, extractor: Extractor) -> tuple[str, ...]:
    """Return the files of a data set's feature space, none if it has none.

    Images without labels have a space only where Inception's weights are asked for.
    """
    if data.kind != "images" or (extractor == "classifier" and not data.labelled):
        return ()
    return tuple(f"{data.id}{suffix}" for suffix in EXTRACTOR_SUFFIXES[extractor])
