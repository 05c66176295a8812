"""`wganbench watch`: a run's curves in the terminal while it trains, a line each in a pipe."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from wganbench.console import printable
from wganbench.operations.looking import Look, Looker

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console, RenderableType

# What is shown of a run, of the columns that it has, by the names that people look for.
SHOWN = {
    "estimate": "estimate",
    "w1": "exact W1",
    "fid": "FID",
    "divergence": "divergence",
    "critic_objective": "critic's objective",
    "penalty": "penalty",
    "generator_loss": "generator's loss",
    "elbo": "evidence lower bound",
    "gradient_norm_max": "largest gradient norm",
}
BLOCKS = "▁▂▃▄▅▆▇█"
WIDEST = 80  # characters of a curve
BESIDE = 60  # characters of a line besides the curve
NARROWEST = 10
MINUTE, HOUR = 60, 3600


def watch(
    looker: Looker,
    console: Console,
    every: float,
    once: bool = False,
    sleep: Callable[[float], Any] = time.sleep,
) -> Look:
    """Show the run until it is trained, and return the last look at it.

    Args:
        looker: of the run.
        console: a terminal gets a drawing that is renewed, anything else a line for each change.
        every: seconds between two looks.
        once: look once, whatever the state is.
        sleep: waits between two looks.

    Raises:
        UserError: a file of the trained run is missing or damaged.
    """
    show = _on_terminal if console.is_terminal else _in_lines
    return show(looker, console, every, once, sleep)


def _on_terminal(
    looker: Looker, console: Console, every: float, once: bool, sleep: Callable[[float], Any]
) -> Look:
    from rich.live import Live

    with Live(console=console, auto_refresh=False, vertical_overflow="visible") as live:
        while True:
            look = looker.look()
            live.update(drawing(look, console.width), refresh=True)
            if look.is_over or once:
                return look
            sleep(every)


def _in_lines(
    looker: Looker, console: Console, every: float, once: bool, sleep: Callable[[float], Any]
) -> Look:
    shown = None
    while True:
        look = looker.look()
        now = look.state, look.note, look.iteration, len(look.curves)
        if now != shown:
            console.print(line(look), soft_wrap=True, markup=False, highlight=False)
            console.file.flush()
            shown = now
        if look.is_over or once:
            return look
        sleep(every)


def line(look: Look) -> str:
    """Return a look in one line: where the run stands, the last numbers, the time left."""
    numbers = [f"{name} {values.iloc[-1]:.3g}" for name, values in _series(look.curves).items()]
    parts = [_standing(look), *numbers, *_times(look)]
    return printable(f"{look.run.id}: {', '.join(parts)}")


def drawing(look: Look, width: int) -> RenderableType:
    """Return a look as it is drawn: a curve for each quantity, mean over the seeds."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for name, values in _series(look.curves).items():
        curve = sparkline(values, max(min(width - BESIDE, WIDEST), NARROWEST))
        span = f"{values.min():.3g} to {values.max():.3g}"
        table.add_row(name, Text(curve, style="cyan"), f"{values.iloc[-1]:.3g}", span)
    head = Text(printable(look.run.id), style="bold")
    lines = [Text(printable(part)) for part in (_standing(look), ", ".join(_times(look))) if part]
    seeds = look.curves["seed"].nunique() if len(look.curves) else 0
    foot = f"Mean over {seeds} seeds; beside it the last value, and the smallest and largest."
    return Group(head, *lines, table, *([Text(foot, style="dim")] if seeds else []))


def sparkline(values: pd.Series, width: int) -> str:
    """Return a curve in characters, the first iteration at the left and the last one at the right.

    Args:
        values: finite, along the iterations, which are the index and ascend.
        width: of all iterations from 0 to the last. Each character is the mean of what lies in its
            share of them, or what was before, where nothing does.
    """
    cells = np.ceil(values.index.to_numpy() / values.index[-1] * width).astype(int) - 1
    means = values.groupby(cells).mean().reindex(range(width)).ffill()
    low, span = means.min(), means.max() - means.min()
    levels = ((means - low) / span if span > 0 else means * 0) * (len(BLOCKS) - 1)
    return "".join(" " if np.isnan(level) else BLOCKS[round(level)] for level in levels)


def _series(curves: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the mean over seeds of what is shown, by its name, along the iterations."""
    found = {}
    for column, name in SHOWN.items():
        if column in curves:
            values = curves.groupby("iteration")[column].mean().astype(float)
            values = values[np.isfinite(values)]
            if len(values):
                found[name] = values
    return found


def _standing(look: Look) -> str:
    note = f" ({look.note})" if look.note else ""
    if not look.iteration and not look.is_over:
        return f"{look.state}{note}, nothing of it is known yet"
    return f"{look.state}{note}, iteration {look.iteration}/{look.run.configuration.iterations}"


def _times(look: Look) -> list[str]:
    left = [] if look.seconds_left is None else [f"about {duration(look.seconds_left)} left"]
    age = [] if look.age is None else [f"curves as of {duration(look.age)} ago"]
    return left + age


def duration(seconds: float) -> str:
    """Return "12 s", "3 min" or "2.5 h"."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h"
