"""Synthetic evidence: results as tidy frames, with real configurations and made-up numbers."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pandas as pd
from configurations import IMAGES, LINE, PAIR, RING, TOY, configuration

from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.interval import CONFIDENCE
from wganbench.gather.measures import measures
from wganbench.gather.selection import settings_of
from wganbench.gather.tuning import CANDIDATES
from wganbench.plan.runs import Run
from wganbench.records.claims import Verdict

Levels = Sequence[float]
ITERATIONS = 2000
QUARTERS = (500, 1000, 1500, 2000)
APART = 100  # iterations between evaluations along training
BASES = {
    "toy": TOY | {"iterations": ITERATIONS},
    "images": IMAGES | {"iterations": ITERATIONS},
    "line": LINE | {"iterations": ITERATIONS},
    "ring": RING | {"iterations": ITERATIONS},
    "pair": PAIR | {"critic.width": 64, "iterations": ITERATIONS},
}
# Of a critic that is alive and has found its sign, where a case says nothing else.
ALIVE = {"gradient_norm_max": 1.0, "estimate_heldout": 1.0}
HALF_OF_CLASSES = 10.0  # its FID
WITHOUT_CONTENT = {"black": 50.0, "grey": 60.0, "noise": 55.0}


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

    def end(self, run: str, at: Sequence[int] = QUARTERS, **columns: Levels | float) -> None:
        """Give each seed its values, the same ones at each quarter of the iterations."""
        seeds = [r["seed"] for r in self._rows["seeds"] if r["run"] == run]
        for seed in seeds:
            values = {k: v if isinstance(v, int | float) else v[seed] for k, v in columns.items()}
            self._rows["evaluations"] += [
                {"run": run, "seed": seed, "iteration": k, **ALIVE, **values} for k in at
            ]

    def history(self, run: str, seed: int, frame: str = "evaluations", **columns: Levels) -> None:
        """Give a seed its values along training: at evaluations, or at each iteration."""
        apart = APART if frame == "evaluations" else 1
        for k, values in enumerate(zip(*columns.values(), strict=True)):
            row = (ALIVE if frame == "evaluations" else {}) | dict(
                zip(columns, values, strict=True)
            )
            self._rows[frame].append(
                {"run": run, "seed": seed, "iteration": apart * (k + 1), **row}
            )

    def measure(self, name: str, run: str, levels: Levels, at: Sequence[int] = QUARTERS) -> None:
        """Give each seed its value of a measure, the same one at these iterations."""
        assert name in measures()
        for seed, level in enumerate(levels):
            self._rows[name] += [
                {"run": run, "seed": seed, "iteration": k, "value": level} for k in at
            ]
        self.end(run)

    def measure_at(self, name: str, run: str, seed: int, iteration: int, value: float) -> None:
        """Give a seed one value of a measure along training."""
        self._rows[name].append({"run": run, "seed": seed, "iteration": iteration, "value": value})

    def _as_if_tuned(self) -> pd.DataFrame:
        """Return runs as if each had been chosen from three settings of nothing in particular."""
        rows = [
            {"run": f"{run.id}{other}-first", "compared": f"{run.id}{other}",
             "experiment": run.experiment, "configuration": run.id,
             "setting": {}, "seeds": (), "chosen": not other}
            for run in self._runs
            for other in ("", "-second", "-third")
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=[*CANDIDATES])

    @property
    def evidence(self) -> Evidence:
        """The frames."""
        empty: dict[str, list[Any]] = {"run": [], "seed": [], "iteration": []}
        names = ("seeds", "evaluations", "curves")
        return Evidence(
            settings=settings_of(self._runs),
            **{name: pd.DataFrame(self._rows[name] or empty) for name in names},
            measured=lambda name: pd.DataFrame(
                self._rows[name], columns=["run", "seed", "iteration", "value"]
            ),
            tuned=self._as_if_tuned(),
            references=pd.DataFrame(
                [
                    {"run": run.id, "half_of_classes": HALF_OF_CLASSES, **WITHOUT_CONTENT}
                    for run in self._runs
                ]
            ),
        )


def text_of(verdict: Verdict) -> str:
    """Return the verdict's numbers in one line."""
    bar = f"threshold: {verdict.direction} {verdict.threshold:g}"
    if verdict.value is None:
        return f"{verdict.because}; {bar}"
    number = f"median {verdict.value:.3g} [{verdict.low:.3g}, {verdict.high:.3g}]"
    contexts = len([c for c in verdict.contexts if not c.left_out])
    over = f"{verdict.seeds} seeds, {contexts} context{'s' * (contexts != 1)}"
    beside = "" if verdict.floor is None else f"; floor of the distance {verdict.floor:.3g}"
    return f"{number}, {CONFIDENCE:.0%} interval; {bar}; {over}{beside}; {verdict.because}"
