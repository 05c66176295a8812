"""The plan as text: a table for people, JSON for programs."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import typer

from wganbench.console import aligned
from wganbench.constraints.gradient_penalty import NormPenalty
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.plan.step import space_files


def print_overview(
    planned: dict[str, list[Run]],
    scale: str,
    waiting: Mapping[str, list[Run]] = MappingProxyType({}),
) -> None:
    """Print the runs of each experiment and their number.

    `waiting` has those that follow when settings are chosen, by experiment.
    """
    runs = [run for listed in planned.values() for run in listed]
    rows = [
        (r.id, str(len(r.seeds)), f"{r.configuration.iterations:,}", r.configuration.data.id)
        for r in runs
    ]
    replicas = sum(len(run.seeds) for run in runs)
    typer.echo(
        f"{aligned(('run', 'seeds', 'iterations', 'data'), rows)}\n"
        f"scale {scale}: {len(runs)} runs, {replicas} replicas (run x seed), "
        f"{len(planned)} experiments"
    )
    for name, listed in planned.items():
        for line in _tuned(listed, waiting.get(name, [])):
            typer.echo(line)
    for line in (line for listed in planned.values() for line in _mixing(listed)):
        typer.echo(line)
    for line in (line for listed in planned.values() for line in unmeasured(listed)):
        typer.echo(line)


def as_json_lines(planned: dict[str, list[Run]]) -> str:
    """Return one JSON object a line: id, seeds, point and configuration of each run."""
    lines = []
    for run in (run for runs in planned.values() for run in runs):
        content = run.model_dump(mode="json") | {"configuration": run.configuration.resolved()}
        lines.append(json.dumps({"id": run.id, "digest": run.digest, **content}) + "\n")
    return "".join(lines)


def _tuned(runs: Sequence[Run], waiting: Sequence[Run]) -> Iterator[str]:
    """Yield a line if some of an experiment's runs are among several settings to choose from."""
    candidates = [run for run in runs if run.candidate]
    if not candidates:
        return
    keys = dict.fromkeys(key for run in candidates for key in run.tuned)
    points = Counter(run.compared_key for run in candidates)
    untuned = sum(not run.tuned for run in runs)
    rest = f"; {untuned} of {untuned + len(points)} configurations not tuned" if untuned else ""
    n = len(waiting)
    more = f"; {n} {'runs follow' if n > 1 else 'run follows'} when they are" if n else ""
    yield (
        f"{candidates[0].experiment}: tuned: {', '.join(keys)}, {max(points.values())} settings "
        f"each, chosen on seeds {', '.join(map(str, candidates[0].seeds))}{more}{rest}"
    )


def unmeasured(runs: Sequence[Run]) -> Iterator[str]:
    """Yield a line if something is not measured on some of an experiment's runs, and why."""
    for lacks, line in ((_is_unlabelled, _UNLABELLED), (_has_no_modes, _NO_MODES)):
        lacking = [run for run in runs if lacks(run)]
        if lacking:
            share = "" if len(lacking) == len(runs) else f" in {len(lacking)} of {len(runs)} runs"
            yield f"{runs[0].experiment}: {line.format(share=share)}"


_UNLABELLED = (
    "FID, KID, precision and recall are not measured{share}: the images have no labels; patches "
    "and KID of random features are (a feature space takes labels, or extractor: inception)"
)
_NO_MODES = "modes are not counted{share}: none are known of the law"


def _is_unlabelled(run: Run) -> bool:
    return run.configuration.data.kind == "images" and not space_files(run)


def _has_no_modes(run: Run) -> bool:
    data = run.configuration.data
    return data.kind == "law" and data.modes() is None


def _mixing(runs: Sequence[Run]) -> Iterator[str]:
    """Yield a line if critics under a penalty of each sample's gradient have batch norm."""
    mixing = [run for run in runs if _mixes(run.configuration)]
    if mixing:
        yield (
            f"{mixing[0].experiment}: batch norm in the critic beside a penalty on its gradient in "
            f"{len(mixing)} of {len(runs)} runs: a sample's gradient is then its whole batch's "
            "([GP] section 4)"
        )


def _mixes(configuration: Configuration) -> bool:
    mixed = getattr(configuration.critic, "norm", "") == "batch"
    return mixed and isinstance(configuration.constraint, NormPenalty)
