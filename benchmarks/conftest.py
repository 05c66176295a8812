"""What benchmarks share: torch as in a job, and pairs timed in turn."""

from collections.abc import Callable
from statistics import quantiles
from time import process_time
from typing import Any

import pytest

from wganbench.training.process import prepare_torch

WARM_UPS = 2
Work = Callable[[], object]


@pytest.fixture(scope="session", autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


@pytest.fixture
def beside(benchmark: Any) -> Callable[..., None]:
    """Return a function that times ours, and before each of its rounds something to compare."""

    def timed(ours: Work, other: Work, rounds: int, ours_per_call: int = 1) -> None:
        others: list[float] = []

        def other_first() -> None:
            started = process_time()
            other()
            others.append(process_time() - started)

        benchmark.pedantic(ours, setup=other_first, rounds=rounds, warmup_rounds=WARM_UPS)
        found = [seconds / ours_per_call for seconds in benchmark.stats.stats.data]
        pairs = zip(others[-rounds:], found, strict=True)
        benchmark.extra_info["ours_ms"] = [1000 * seconds for seconds in found]
        benchmark.extra_info["other_ms"] = [1000 * seconds for seconds in others[-rounds:]]
        benchmark.extra_info["ratio"] = quantiles([other / own for other, own in pairs], n=4)

    return timed
