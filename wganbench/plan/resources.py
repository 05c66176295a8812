"""What a job may take on a cluster, by rule: the first attempt's share; a retry asks for more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wganbench.plan.configuration import Configuration
    from wganbench.plan.params import Params

Scaled = dict[str, int]


def _at(smoke: int, laptop: int, gpu: int, paper: int) -> Scaled:
    return {"smoke": smoke, "laptop": laptop, "gpu": gpu, "paper": paper}


# MiB and minutes at each scale: several times what was measured at smoke and laptop; estimates at
# gpu and paper, which have not been run. At scale paper a run's samples take up to 4 GB, which
# training, transport of laws and fidelity hold at once.
MEMORY = {
    "data": _at(1000, 1000, 1000, 1000),
    "extractor": _at(4000, 4000, 4000, 8000),
    "train": _at(1500, 2000, 8000, 16000),
    "fidelity": _at(4000, 4000, 8000, 16000),
    "summary": _at(2000, 2000, 2000, 4000),
    "claims": _at(4000, 4000, 8000, 16000),
    "report": _at(4000, 4000, 8000, 16000),
}
# At scale paper three million photographs are decoded, and Inception makes some ten images a
# second on one core: 300,000 samples of a run take nine hours.
MINUTES = {
    "data": _at(10, 10, 60, 480),
    "extractor": _at(10, 10, 120, 240),
    "train": _at(10, 30, 240, 2880),
    "transport": _at(60, 60, 60, 60),
    "fidelity": _at(10, 30, 120, 900),
    "summary": _at(30, 30, 30, 30),
    "claims": _at(60, 60, 60, 60),
    "report": _at(30, 30, 60, 60),
}


@dataclass(frozen=True)
class Needs:
    """The most that one job of a rule asks for at its first attempt."""

    rule: str
    threads: int
    mem_mb: int
    runtime: int  # minutes
    gpu: int = 0


def transport_memory(configuration: Configuration) -> int:
    """Return the MiB that exact W1 takes: 41 bytes a cell, and one more matrix for transforms."""
    return 1000 + int(60 * configuration.samples**2 // 2**20)


def needs(params: Params, configurations: Iterable[Configuration]) -> list[Needs]:
    """Return what the largest job of each rule asks for at this scale."""
    gpu = int(params.device == "cuda")
    memory = {rule: scaled[params.scale] for rule, scaled in MEMORY.items()}
    memory["transport"] = max(map(transport_memory, configurations))
    return [
        Needs(rule, 1, memory[rule], MINUTES[rule][params.scale], gpu if rule == "train" else 0)
        for rule in sorted(memory)
    ]
