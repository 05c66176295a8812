"""What benchmarks share: torch as in a job, and pairs timed in turn."""

from collections.abc import Callable
from statistics import quantiles
from time import process_time
from typing import Any

import pytest

from wganbench.training.process import prepare_torch

ROUNDS, WARM_UPS = 9, 1
Work = Callable[[], object]


def repeated(work: Callable[[], object], times: int) -> Callable[[], None]:
    """Return a function that does the work so many times."""

    def run() -> None:
        for _ in range(times):
            work()

    return run


@pytest.fixture(scope="session", autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


@pytest.fixture
def beside(benchmark: Any) -> Callable[..., None]:
    """Return a function that times ours, and before each of its rounds something to compare."""

    def timed(ours: Work, other: Work, times: int = 1, seeds: int = 1) -> None:
        """Time rounds of so many calls of each; one of ours does the work of so many seeds."""
        others: list[float] = []
        other_round = repeated(other, times)

        def other_first() -> None:
            started = process_time()
            other_round()
            others.append((process_time() - started) / times)

        benchmark.pedantic(
            repeated(ours, times), setup=other_first, rounds=ROUNDS, warmup_rounds=WARM_UPS
        )
        found = [seconds / times / seeds for seconds in benchmark.stats.stats.data]
        pairs = list(zip(others[-ROUNDS:], found, strict=True))
        benchmark.extra_info["other_ms"], benchmark.extra_info["ours_ms"] = (
            [1000 * seconds for seconds in side] for side in zip(*pairs, strict=True)
        )
        benchmark.extra_info["ratio"] = quantiles([other / own for other, own in pairs], n=4)

    return timed
