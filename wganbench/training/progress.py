"""How far a run is: a bar on a terminal, plain lines in a log file."""

import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

SECONDS_BETWEEN_LINES = 10.0


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f} it/s" if task.speed else "- it/s")


class TrainingProgress(AbstractContextManager["TrainingProgress"]):
    """Shows iterations, iterations per second, the estimate or a loss, and the time left."""

    def __init__(self, name: str, iterations: int, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True)
        self.name, self.iterations = name, iterations
        self._started = self._last_line = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TextColumn("{task.fields[shown]}"),
            TimeRemainingColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self._task = self._bar.add_task(name, total=iterations, shown="-")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def update(self, iteration: int, quantity: tuple[str, list[float]]) -> None:
        """Show that an iteration is done, and a quantity: its name and one number per replica."""
        name, values = quantity
        if self.console.is_terminal:
            mean = sum(values) / len(values)
            self._bar.update(self._task, completed=iteration, shown=f"{name} {mean:.3g}")
        elif self._line_is_due(iteration):
            self._last_line = now = time.monotonic()
            rate = iteration / max(now - self._started, 1e-9)
            left = (self.iterations - iteration) / rate
            listed = " ".join(f"{value:.3g}" for value in values)
            self.console.print(
                f"{self.name}: iteration {iteration}/{self.iterations}, {rate:.1f} it/s, "
                f"{name} {listed}, {left:.0f} s left",
                soft_wrap=True,
                highlight=False,
            )

    def _line_is_due(self, iteration: int) -> bool:
        waited = time.monotonic() - self._last_line >= SECONDS_BETWEEN_LINES
        return waited or iteration == self.iterations
