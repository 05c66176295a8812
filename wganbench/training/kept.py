"""States of finished trainings, kept on request: one with more iterations goes on from there.

Nothing in a training depends on how long it will be but the evaluation points. So a state at the
end of fewer iterations is that of the longer training on its way, bit for bit, if both are
evaluated at the same points up to there.
"""

from dataclasses import replace
from pathlib import Path

from wganbench.errors import UserError
from wganbench.plan.runs import Run
from wganbench.records.layout import KEPT
from wganbench.records.run import digest_of
from wganbench.training.checkpoint import Checkpoints, Identity
from wganbench.training.loop import Training

BUDGET = ("iterations", "evaluations")  # the settings in which the two may differ
DIGITS = 16  # of the digest of all others, in a folder's name


class Kept:
    """The kept states of trainings that are one training but for their length."""

    def __init__(self, run: Run, identity: Identity, folder: Path = KEPT) -> None:
        settings = run.configuration.identity()
        rest = {key: value for key, value in settings.items() if key not in BUDGET}
        self.identity = replace(identity, run=digest_of(rest, run.seeds))
        self.folder = folder / self.identity.run[:DIGITS]

    def keep(self, training: Training) -> None:
        """Keep the state of a training that is over; evaluations are kept with it."""
        self._after(training.configuration.iterations).save(training)

    def go_on(self, training: Training) -> None:
        """Put a fresh training at the end of the longest shorter one that it can go on from.

        Why it cannot from others is reported; they are left alone.
        """
        budget = training.configuration.iterations
        lengths = [int(p.name) for p in self.folder.glob("*") if p.name.isdecimal()]
        for length in sorted((n for n in lengths if n < budget), reverse=True):
            kept = self._after(length)
            try:
                kept.restore(training)
            except FileNotFoundError:
                continue
            except UserError as error:
                kept.say(f"{error}; training does not go on from there")
                continue
            kept.say(
                f"{kept.folder}: goes on after iteration {training.iteration} of a finished run"
            )
            return

    def _after(self, iterations: int) -> Checkpoints:
        return Checkpoints(self.folder / str(iterations), self.identity)
