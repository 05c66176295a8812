"""What trainings take, before one has run: operations counted, at stated rates."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from typer import echo

from wganbench.files import written_atomically
from wganbench.operations.rates import CLOSE, LIKENESSES
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.plan.steps import TRAIN

COUNTS = Path("scratch/counts.json")
FLOAT = 4  # bytes
MIB = 2**20


@dataclass(frozen=True)
class Count:
    """What one iteration of one replica asks of a device."""

    calls: int
    """Kernels of torch; a stack of replicas calls as many."""
    values: int
    """Numbers that these write."""
    flops: int
    """In matrix products and convolutions, a multiplication and an addition as two."""
    steps: float
    """Gradient steps of the iteration, no warm-up's."""

    def seconds(self, run: Run) -> float:
        """Return what a run's iterations take on its device, about."""
        per_call, per_value, per_flop = RATES[run.device]
        of_replica = per_value * self.values + per_flop * self.flops
        iteration = per_call * self.calls + len(run.seeds) * of_replica
        c = run.configuration
        return iteration / self.steps * c.steps_per_iteration() * c.iterations

    def mebibytes(self, run: Run) -> float:
        """Return the most that a gradient step keeps until its backward pass: all it writes."""
        return len(run.seeds) * FLOAT * self.values / self.steps / MIB


# Seconds of a call, of a value written and of a floating-point operation, fitted to what was
# measured: on one core of an AMD EPYC with AVX-512 to the 126 kinds of training of scale desk: they
# took .6 to 1.95 times what is counted (`benchmarks/counted.py`), and on an H200 to the recorded
# iterations of benchmarks/results-gpu.md, .8 to 1.25 times.
RATES = {"cpu": (2.4e-6, 1.25e-9, 1 / 160e9), "cuda": (0.8e-6, 7.5e-12, 1 / 100e12)}


def counts(runs: Sequence[Run], *, anew: bool = False) -> dict[str, Count]:
    """Return what is counted of these runs, by id; with `anew` what is not known is counted now.

    A run is left out whose iteration looks at numbers, as does one that solves transport: where
    nothing is computed there are none.
    """
    known = counts_by_kind(runs if anew else ())
    return {run.id: found for run in runs if (found := known.get(kind_of(run)))}


def counts_by_kind(runs: Iterable[Run] = ()) -> dict[str, Count | None]:
    """Return all that was counted so far, by kind; what is missing of these runs is counted now.

    That takes the import of torch and some tenths of a second for each kind of training, and is
    kept in `COUNTS`.
    """
    known = _read()
    if missing := {kind: run for run in runs if (kind := kind_of(run)) not in known}:
        configurations = [plain(run.configuration) for run in missing.values()]
        echo(f"counts the operations of {len(missing)} kinds of training, once: {COUNTS}", err=True)
        if made := _counted(configurations):
            known |= dict(zip(missing, made, strict=True))
            _write(known)
    return known


def _counted(configurations: list[Configuration]) -> list[Count | None]:
    """Return the counts of some configurations, made in a process that ends, torch with it.

    None of them where that does not work, as on a login node with too little memory for torch.
    """
    command = [sys.executable, "-m", "wganbench.operations.counting"]
    given = json.dumps([configuration.resolved() for configuration in configurations])
    done = subprocess.run(command, input=given, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        echo(f"cannot count: {last}; jobs ask for what their scale's largest may need", err=True)
        return []
    return [count and Count(**count) for count in json.loads(done.stdout)]


def kind_of(run: Run) -> str:
    """Return a digest of what decides the operations of an iteration, its code included."""
    c = run.configuration
    work = (c.method, LIKENESSES[CLOSE[-1]](run), plain(c).steps_per_iteration(), TRAIN.code(c))
    return sha256(repr(work).encode()).hexdigest()


def plain(configuration: Configuration) -> Configuration:
    """Return a configuration without warm-up, all of whose iterations are alike."""
    algorithm = configuration.algorithm
    if not getattr(algorithm, "warm_up_n_critic", 0):
        return configuration
    alike = algorithm.model_copy(update={"warm_up_n_critic": 0})
    return configuration.model_copy(update={"algorithm": alike})


def _read() -> dict[str, Count | None]:
    """Return what is known; a file that cannot be read is as none, since it is only a cache."""
    try:
        found = json.loads(COUNTS.read_text(encoding="utf-8"))
        return {kind: count and Count(**count) for kind, count in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(known: dict[str, Count | None]) -> None:
    content = {kind: count and asdict(count) for kind, count in known.items()}
    with written_atomically(COUNTS) as temporary:
        temporary.write_text(json.dumps(content), encoding="utf-8")
