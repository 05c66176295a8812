"""What a site's Slurm offers: partitions, their nodes, and the controller's settings."""

import re
from dataclasses import dataclass

from wganbench.operations.slurm import SEPARATOR, answer_of

MINUTES = (24 * 60, 60, 1, 1 / 60)  # in a day, an hour, a minute, a second


@dataclass(frozen=True)
class Node:
    """A node as a partition offers it."""

    partition: str
    is_default: bool
    is_up: bool
    minutes: float  # a job's longest run time
    cpus: int
    mem_mb: int
    gpus: dict[str, int]  # by type; "" where the site names none

    def has(self, gpus: int, model: str) -> bool:
        """Return whether it has so many GPUs of a type, or of any."""
        return (self.gpus.get(model, 0) if model else sum(self.gpus.values())) >= gpus


def nodes() -> list[Node]:
    """Return every node of every partition."""
    layout = SEPARATOR.join(("%P", "%a", "%l", "%c", "%m", "%G"))
    return [_node(*line.split(SEPARATOR)) for line in answer_of("sinfo", "-h", "-N", "-o", layout)]


def controller_settings() -> dict[str, str]:
    """Return the controller's settings by name."""
    pairs = (line.partition("=") for line in answer_of("scontrol", "show", "config"))
    return {key.strip(): value.strip() for key, equals, value in pairs if equals}


def preempt_modes(settings: dict[str, str]) -> dict[str, str]:
    """Return what becomes of a preempted job, OFF, REQUEUE, CANCEL or another, by partition."""
    if settings.get("PreemptType", "preempt/none") in ("preempt/none", "(null)"):
        return {}
    shown = (dict(word.partition("=")[::2] for word in line.split())
             for line in answer_of("scontrol", "show", "partition", "--oneliner"))  # fmt: skip
    return {one["PartitionName"]: one.get("PreemptMode", "") for one in shown if one}


def minutes_of(limit: str) -> float:
    """Return a Slurm time, [DAYS-]HOURS:MINUTES:SECONDS or shorter, in minutes."""
    days, dash, clock = limit.rpartition("-")
    parts = clock.split(":")
    if not all(part.isdigit() for part in [*parts, *([days] if dash else [])]):
        return float("inf")  # infinite, n/a
    # After days come hours; without them two numbers are minutes and seconds, one is minutes.
    units = MINUTES[1:] if dash or len(parts) == 3 else MINUTES[2:]
    clock_minutes = sum(int(part) * unit for part, unit in zip(parts, units, strict=False))
    return clock_minutes + (int(days) * MINUTES[0] if dash else 0)


def seconds_of(setting: str) -> int | None:
    """Return a setting like `300 sec` or `1h` in seconds."""
    found = re.match(r"(\d+)\s*(h|m)?", setting)
    return int(found[1]) * {"h": 3600, "m": 60}.get(found[2], 1) if found else None


def gpus_of(gres: str) -> dict[str, int]:
    """Return the GPUs by type in `gpu:a100:4(S:0-1),gpu:2,shard:8`."""
    found: dict[str, int] = {}
    for entry in re.sub(r"\([^)]*\)", "", gres).split(","):
        name, *rest = entry.split(":")
        if name == "gpu":
            count = int(rest.pop()) if rest and rest[-1].isdigit() else 1
            found[":".join(rest)] = found.get(":".join(rest), 0) + count
    return found


def _node(partition: str, state: str, limit: str, cpus: str, memory: str, gres: str) -> Node:
    name, is_default = partition.removesuffix("*"), partition.endswith("*")
    amounts = (minutes_of(limit), _number(cpus), _number(memory))
    return Node(name, is_default, state == "up", *amounts, gpus_of(gres))


def _number(text: str) -> int:
    found = re.match(r"\d+", text)  # a + marks a group whose nodes differ
    return int(found[0]) if found else 0
