"""A run that is trained a few iterations at a time, with the files that a training leaves."""

from pathlib import Path

import torch
from experiment_files import EXAMPLE, planned

from wganbench.data.store import write_data
from wganbench.operations.looking import Places
from wganbench.records.data import read_data
from wganbench.training.checkpoint import Checkpoints, Identity
from wganbench.training.loop import Training
from wganbench.training.train import train_run

ITERATIONS = 8
SMALL = {"generator.width": 4, "critic.width": 4, "batch_size": 8, "samples": 16}


class Making:
    """One run of a project in a folder."""

    def __init__(self, folder: Path, **base: object) -> None:
        settings = {**EXAMPLE["base"], **SMALL, "iterations": ITERATIONS, "evaluations": 2, **base}
        (self.run,) = planned(
            folder, {**EXAMPLE, "base": settings, "grid": [{"method": "wgan-gp"}]}
        )
        self.places = Places(
            *(folder / name for name in ("results", "checkpoints", "logs", "locks"))
        )
        self.data = folder / "data"
        write_data(self.run.configuration.data, self.data)
        arrays = read_data(self.run.configuration.data, self.data)
        self.training = Training(self.run.configuration, arrays, self.run.seeds, "cpu")
        identity = Identity(self.run.digest, "code", "data", "cpu", torch.__version__)
        self.checkpoints = Checkpoints(self.places.checkpoints / self.run.id, identity)

    def advance(self, iterations: int) -> None:
        """Train on and write a checkpoint."""
        for _ in range(iterations):
            self.training.advance()
        self.checkpoints.save(self.training)

    def finish(self) -> None:
        """Write what a whole training leaves, which has no checkpoint."""
        self.checkpoints.discard()
        train_run(
            self.run, self.places.results / self.run.id, data=self.data,
            checkpoints=self.places.checkpoints,
        )  # fmt: skip

    def log(self, text: str) -> None:
        path = self.places.logs / "train" / f"{self.run.id}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
