"""Whether a plug-in keeps the rules that its author cannot see broken: `wganbench check-plugin`.

A run of the plan that uses it is trained for a few iterations, several times over.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.operations.freshness import why_stale_data
from wganbench.plan.configuration import Configuration
from wganbench.plan.keys import algorithms, sections
from wganbench.plan.params import Params
from wganbench.plan.runs import Run
from wganbench.plugins import Plugin
from wganbench.plugins.explain import meant
from wganbench.records.data import DATA, Arrays, check_samples, read_data

if TYPE_CHECKING:
    from torch import Tensor

    from wganbench.training.loop import Training

# Enough that each player steps more than once, and that there is something to go on from.
ITERATIONS, EVALUATIONS, SAMPLES = 6, 2, 64
SEEDS = (0, 1, 2)
PLACE = 1  # of the seed that is also trained alone: neither the first nor the last
LISTED = 3  # names of what differs
# Arrays with a row for each replica and a place for each evaluation.
ALONG = (
    "generated",
    "critic_real",
    "critic_generated",
    "layer_gradient_norm",
    "grid_values",
    "grid_gradient_norm",
)
WITHOUT_TORCH = """
import sys

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            raise ImportError("torch is imported; import it inside the methods that need it")

sys.meta_path.insert(0, Refusing())
from wganbench.errors import UserError
try:
    from wganbench.plan.params import load_params
    load_params(sys.argv[1]).all_runs()
except UserError as error:
    sys.exit(str(error))
"""


@dataclass(frozen=True)
class Checked:
    """One rule and what breaks it; nothing if it is kept."""

    rule: str
    fault: str


def check_plugin(name: str, params: Params) -> tuple[Run, Iterator[Checked]]:
    """Return the run that a plug-in is tried in, and what becomes of each rule.

    Raises:
        UserError: there is no plug-in of that name, or no run of the scale uses it.
    """
    run = _run_with(name, params)
    return run, _checks(run)


def _run_with(name: str, params: Params) -> Run:
    for run in params.all_runs():
        configuration = run.configuration
        parts = (
            configuration.data,
            configuration.algorithm,
            *vars(configuration.algorithm).values(),
        )
        if any(isinstance(part, Plugin) and part.name == name for part in parts):
            return run
    known = {*algorithms(), *(p for section in sections().values() for p in section.plugins)}
    if name not in known:
        raise UserError(f"check-plugin: {name!r} is no plug-in{meant(name, sorted(known))}")
    raise UserError(
        f"check-plugin: no run of scale {params.scale} uses {name!r}; name it in an experiment"
    )


def _checks(run: Run) -> Iterator[Checked]:
    yield Checked("planning imports no torch", _imports_torch(run.scale))
    from wganbench.training.process import prepare_torch
    from wganbench.training.train import train

    data, short = run.configuration.data, shortened(run.configuration)
    if why_stale_data(data, DATA / f"{data.id}.npz"):
        write_data(data)
    arrays = read_data(data, DATA)
    check_samples(run, len(arrays.heldout))
    prepare_torch("cpu")
    stacked, again = (train(short, arrays, SEEDS) for _ in range(2))
    yield Checked("trained again it ends in the same numbers", _apart(stacked, again))
    alone = train(short, arrays, SEEDS[PLACE : PLACE + 1])
    fault = differing(replica(alone, 0), replica(stacked, PLACE))
    yield Checked("replicas do not meet: alone one ends as it does beside others", fault)
    yield Checked("resume is bit-exact, after any iteration", _resumed(short, arrays, stacked))


def shortened(configuration: Configuration) -> Configuration:
    """Return a training of the same parts that takes a moment."""
    c = configuration
    return c.model_copy(
        update={
            "iterations": min(c.iterations, ITERATIONS),
            "evaluations": min(c.evaluations, EVALUATIONS),
            "samples": min(c.samples, SAMPLES),
            "log_every": 1,
            "patience": 0,
        }
    )


def interrupted_everywhere(fresh: Callable[[], Training]) -> Training:
    """Train, interrupted after each iteration, each time in a training that knows only files.

    Raises:
        UserError: a checkpoint cannot be written, or not be read again.
    """
    import torch

    from wganbench.training.checkpoint import Checkpoints, Identity

    identity = Identity("checked", "", "", "cpu", torch.__version__)
    training, told = fresh(), io.StringIO()
    with TemporaryDirectory() as folder, redirect_stderr(told):
        while not training.is_over():
            training.advance()
            done = training.iteration
            Checkpoints(Path(folder), identity).save(training)
            training = fresh()
            Checkpoints(Path(folder), identity).resume(training)
            if training.iteration != done:
                last = told.getvalue().strip().rpartition("\n")[2]
                raise UserError(f"does not go on after iteration {done}: {last}")
    training.history.settle()
    return training


def replica(trained: Training, position: int) -> dict[str, Tensor]:
    """Return everything that training leaves of one replica."""
    import torch

    parameters = {
        f"{name}.{key}": tensor[position]
        for name, net in trained.game.nets().items()
        for key, tensor in net.state_dict().items()
    }
    samples = {
        name: torch.from_numpy(array[position])
        for name in ALONG
        if (array := getattr(trained.samples, name)) is not None
    }
    seed = trained.samples.seeds[position]
    rows = [r for r in trained.history.curves.rows() if r["seed"] == seed]
    columns = {
        key: torch.tensor([torch.nan if r.get(key) is None else r[key] for r in rows])
        for key in rows[-1]
    }
    return parameters | samples | columns


def differing(one: dict[str, Tensor], other: dict[str, Tensor]) -> str:
    """Return what of two replicas is not the same bit for bit; nothing if all is."""
    import torch

    names = [name for name in {**one, **other} if name not in one or name not in other]
    names += [
        name
        for name in one.keys() & other.keys()
        if not torch.equal(torch.nan_to_num(one[name]), torch.nan_to_num(other[name]))
    ]
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"{', '.join(sorted(names)[:LISTED])}{more} differ" if names else ""


def _resumed(configuration: Configuration, arrays: Arrays, whole: Training) -> str:
    from wganbench.training.loop import Training

    try:
        parts = interrupted_everywhere(lambda: Training(configuration, arrays, SEEDS, "cpu"))
    except UserError as error:
        return str(error)
    return _apart(whole, parts)


def _apart(one: Training, other: Training) -> str:
    faults = (differing(replica(one, k), replica(other, k)) for k in range(len(SEEDS)))
    return next(filter(None, faults), "")


def _imports_torch(scale: str) -> str:
    """Plan in a process that refuses torch; return where a module asks for it."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", WITHOUT_TORCH, scale], capture_output=True, text=True
    )
    return done.stderr.strip().rpartition("\n")[2] if done.returncode else ""
