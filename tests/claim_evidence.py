"""Synthetic evidence: results as tidy frames, with real configurations and made-up numbers."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pandas as pd
from configurations import IMAGES, PAIR, TOY, configuration

from wganbench.claims.judging.evidence import Evidence
from wganbench.gather.load import KEY
from wganbench.gather.measures import measures
from wganbench.gather.selection import settings_of
from wganbench.plan.runs import Run

Levels = Sequence[float]
BASES = {"toy": TOY, "images": IMAGES, "pair": PAIR | {"critic.width": 64}}


class Made:
    """Collects runs with their numbers; `evidence` is what a claim sees of them."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def run(
        self, method: str, base: str = "toy", seeds: int = 6, experiment: str = "e", **changes: Any
    ) -> str:
        """Add a run and return its id; dots in settings are written __."""
        run = Run(
            experiment=experiment, scale="smoke", seeds=tuple(range(seeds)), point={},
            configuration=configuration(method, BASES[base], **changes),
        )  # fmt: skip
        self._runs.append(run)
        self._rows["seeds"] += [{"run": run.id, "seed": s, "ok": True} for s in run.seeds]
        return run.id

    def diverge(self, run: str, seed: int) -> None:
        """Take back all that is known of a replica: it diverged."""
        for name, rows in self._rows.items():
            if name != "seeds":
                rows[:] = [r for r in rows if (r["run"], r["seed"]) != (run, seed)]
        for row in self._rows["seeds"]:
            row["ok"] &= (row["run"], row["seed"]) != (run, seed)

    def end(self, run: str, **columns: Levels | float) -> None:
        """Give each seed its values at the last evaluation."""
        seeds = [r["seed"] for r in self._rows["seeds"] if r["run"] == run]
        for seed in seeds:
            values = {k: v if isinstance(v, int | float) else v[seed] for k, v in columns.items()}
            self._rows["evaluations"].append({"run": run, "seed": seed, "iteration": 99, **values})

    def history(self, run: str, seed: int, frame: str = "evaluations", **columns: Levels) -> None:
        """Give a seed its values along training."""
        for k, values in enumerate(zip(*columns.values(), strict=True)):
            row = dict(zip(columns, values, strict=True))
            self._rows[frame].append({"run": run, "seed": seed, "iteration": k + 1, **row})

    def measure(self, name: str, run: str, levels: Levels) -> None:
        """Give each seed its value of a measure at the last evaluation."""
        assert name in measures()
        for seed, level in enumerate(levels):
            row = {"run": run, "seed": seed, "iteration": 99, "value": level}
            self._rows[name].append(row)

    @property
    def evidence(self) -> Evidence:
        """The frames."""
        empty: dict[str, list[Any]] = {"run": [], "seed": [], "iteration": []}
        names = ("seeds", "evaluations", "curves")
        return Evidence(
            settings=settings_of(self._runs),
            **{name: pd.DataFrame(self._rows[name] or empty) for name in names},
            measured=lambda name: pd.DataFrame(self._rows[name], columns=[*KEY, "value"]),
        )
