"""`choices-SCALE.json`: written when an experiment's candidates are trained and measured."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from wganbench.files import written_atomically
from wganbench.gather.load import load_results
from wganbench.gather.tuning import choices
from wganbench.plan.runs import Run
from wganbench.records.choices import Choice, Choices, choices_file


def chosen_settings(runs: Iterable[Run], folder: Path) -> Choices:
    """Return what is chosen for each tuned configuration of one experiment.

    Args:
        runs: the experiment's runs, of which the candidates are looked at.
        folder: the folder with the experiments' folders of runs.

    Raises:
        UserError: a candidate's result is missing or damaged.
    """
    candidates = [run for run in runs if run.candidate]
    found = choices(load_results(candidates, folder).candidates)
    return Choices(
        choices=[
            Choice(
                chosen=run,
                candidates={name: q if np.isfinite(q) else None for name, q in qualities.items()},
            )
            for run, qualities in zip(found["run"], found["qualities"], strict=True)
        ]
    )


def write_choices(made: Choices, experiment: str, scale: str, folder: Path) -> str:
    """Write what was chosen in an experiment, and return a line that says so.

    Raises:
        UserError: the file cannot be written.
    """
    path = choices_file(experiment, scale, folder)
    with written_atomically(path) as temporary:
        temporary.write_text(made.model_dump_json(indent=2) + "\n", encoding="utf-8")
    n = len(made.choices)
    return f"{path}: chosen for {n} configuration{'s' * (n != 1)}"
