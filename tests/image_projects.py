"""Small image projects that are really trained: data, feature space, runs and their fidelity."""

from pathlib import Path
from typing import Any

from experiment_files import planned
from report_site import train

from wganbench.plan.runs import Run


def trained_images(folder: Path, content: dict[str, Any]) -> list[Run]:
    """Train and measure an experiment on one image set, in folders named by what they hold."""
    (folder / "experiments").mkdir()
    runs = planned(folder / "experiments", content)
    train({"e": runs}, folder / "results", folder / "data")
    return runs
