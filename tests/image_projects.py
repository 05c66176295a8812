"""Small image projects that are really trained: data, feature space, runs and their fidelity."""

from pathlib import Path
from typing import Any

from experiment_files import planned

from wganbench.data.store import write_data
from wganbench.fidelity.measure import measure as measure_fidelity
from wganbench.fidelity.store import write_extractor
from wganbench.plan.runs import Run
from wganbench.training.train import train_run


def trained_images(folder: Path, content: dict[str, Any]) -> list[Run]:
    """Train and measure an experiment on one image set, in folders named by what they hold."""
    (folder / "experiments").mkdir()
    runs = planned(folder / "experiments", content)
    data = runs[0].configuration.data
    write_data(data, folder / "data")
    write_extractor(data, "classifier", folder / "extractors", folder / "data")
    for run in runs:
        train_run(run, folder / "results" / run.id, data=folder / "data")
        measure_fidelity(run, folder / "results" / run.id, folder / "extractors")
    return runs
