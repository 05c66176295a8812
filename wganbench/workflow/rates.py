"""How long runs take, by the rates of those that are done."""

from collections.abc import Callable, Hashable, Iterable
from statistics import median

from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.training.record import RunRecord


def _same_work(run: Run) -> Hashable:
    """Return what decides the time of an iteration."""
    c = run.configuration
    return (*_same_nets(c), c.method, c.data.id, c.batch_size, c.n_critic, len(run.seeds))


def _same_nets(c: Configuration) -> tuple[str, str]:
    return c.generator.model_dump_json(), c.critic.model_dump_json()


# From the most telling likeness to none: seconds of an iteration are compared among equals first.
LIKENESSES: tuple[Callable[[Run], Hashable], ...] = (
    _same_work,
    lambda run: _same_nets(run.configuration),
    lambda run: run.experiment,
    lambda run: None,
)


class Rates:
    """Seconds of one gradient step of one replica, from the records of finished runs."""

    def __init__(self, finished: Iterable[tuple[Run, RunRecord]]) -> None:
        self._rates: list[dict[Hashable, list[float]]] = [{} for _ in LIKENESSES]
        self.runs = 0
        for run, record in finished:
            self.runs += 1
            rate = record.timings.per_iteration / _steps(run)
            overhead = record.timings.total / max(record.timings.training, 1e-9)
            for rates, alike in zip(self._rates, LIKENESSES, strict=True):
                rates.setdefault(alike(run), []).append(rate * overhead)

    def seconds(self, run: Run) -> float | None:
        """Return the seconds that training a run takes on such a machine; None without a rate."""
        for rates, alike in zip(self._rates, LIKENESSES, strict=True):
            if found := rates.get(alike(run)):
                return median(found) * _steps(run) * run.configuration.iterations
        return None


def _steps(run: Run) -> int:
    """Return the gradient steps of an iteration, those of all replicas together."""
    return (run.configuration.n_critic + 1) * len(run.seeds)
