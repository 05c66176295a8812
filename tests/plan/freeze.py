"""Writes frozen.json: ids of runs of every kind, and digests of the code that they rest on."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from training_cases import CASES, STOPPING

from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.plan.steps import DATA_SET, EXTRACTOR, MEASUREMENTS, TRAIN
from wganbench.plugins import Plugin

FROZEN = Path(__file__).with_name("frozen.json")
SEEDS = (0, 1)


def is_ours(configuration: Configuration) -> bool:
    """Tell the project's plug-ins from the tests' toys."""
    algorithm = configuration.algorithm
    parts = [algorithm, *(part for part in vars(algorithm).values() if isinstance(part, Plugin))]
    return all(type(part).__module__.startswith("wganbench.") for part in parts)


ALL = {name: c for name, c in (CASES | STOPPING).items() if is_ours(c)}


def run_of(configuration: Configuration) -> Run:
    return Run(
        experiment="frozen", scale="smoke", seeds=SEEDS, point={"method": configuration.method},
        configuration=configuration,
    )  # fmt: skip


def identities() -> dict[str, str]:
    """Return the digest of each kind of run."""
    return {name: run_of(configuration).digest for name, configuration in ALL.items()}


def code_digests() -> dict[str, dict[str, str]]:
    """Return the digests of each step's code that makes results, by kind of run or data set."""
    runs = {name: run_of(configuration) for name, configuration in ALL.items()}
    data = {run.configuration.data.id: run.configuration.data for run in runs.values()}
    images = {name: d for name, d in data.items() if d.kind == "images"}
    return {
        "data": {name: DATA_SET.code(d) for name, d in data.items()},
        "train": {name: TRAIN.code(run.configuration) for name, run in runs.items()},
        "extractor": {name: EXTRACTOR.code(d) for name, d in images.items()},
        **{
            step.name: {name: step.code_on(run) for name, run in runs.items() if step.applies(run)}
            for step in MEASUREMENTS
        },
    }


if __name__ == "__main__":
    before = json.loads(FROZEN.read_text(encoding="utf-8")) if FROZEN.exists() else {"ids": {}}
    changed = {n for n, digest in before["ids"].items() if identities().get(n, digest) != digest}
    if changed:
        sys.exit(f"ids must not change, and these would: {', '.join(sorted(changed))}")
    content = {"ids": identities(), "code": code_digests()}
    FROZEN.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
