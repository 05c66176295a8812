"""What a job may take on a cluster, by rule: the first attempt's share; a retry asks for more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wganbench.plan.configuration import Configuration
    from wganbench.plan.params import Params

# MiB and minutes at each scale: several times what was measured at smoke and laptop; estimates at
# gpu and paper, which have not been run.
TRAIN_MEMORY = {"smoke": 1500, "laptop": 2000, "gpu": 8000, "paper": 16000}
TRAIN_MINUTES = {"smoke": 10, "laptop": 30, "gpu": 240, "paper": 2880}
MEMORY = {
    "data": 1000,
    "extractor": 4000,
    "fidelity": 4000,
    "summary": 2000,
    "claims": 4000,
    "report": 4000,
}
# At scale paper three million photographs are decoded.
DATA_MINUTES = {"smoke": 10, "laptop": 10, "gpu": 60, "paper": 480}
# Sets of 60,000 images take minutes; Inception makes some ten images a second on one core.
EXTRACTOR_MINUTES = {"smoke": 10, "laptop": 10, "gpu": 120, "paper": 240}
MINUTES = {"transport": 60, "fidelity": 60, "summary": 30, "claims": 60, "report": 30}


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
    transport = max(map(transport_memory, configurations))
    memory = MEMORY | {"train": TRAIN_MEMORY[params.scale], "transport": transport}
    minutes = MINUTES | {
        "data": DATA_MINUTES[params.scale],
        "extractor": EXTRACTOR_MINUTES[params.scale],
        "train": TRAIN_MINUTES[params.scale],
    }
    return [
        Needs(rule, 1, memory[rule], minutes[rule], gpu if rule == "train" else 0)
        for rule in sorted(memory)
    ]
