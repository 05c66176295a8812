"""What a site's Slurm offers: partitions, nodes, reservations and the controller's settings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wganbench.operations.slurm import SEPARATOR, answer_of

MINUTES = (24 * 60, 60, 1, 1 / 60)  # in a day, an hour, a minute, a second
NOTHING = "(null)"

Words = dict[str, str]  # of a Slurm object, by Slurm's names for them


@dataclass(frozen=True)
class Node:
    """A node as a partition offers it."""

    name: str
    partition: str
    is_default: bool
    is_up: bool
    minutes: float  # a job's longest run time
    cpus: int
    mem_mb: int
    gpus: dict[str, int]  # by type; "" where the site names none
    features: frozenset[str]  # what a job's constraint may name

    def has(self, gpus: int, model: str) -> bool:
        """Return whether it has so many GPUs of a type, or of any."""
        return (self.gpus.get(model, 0) if model else sum(self.gpus.values())) >= gpus


@dataclass(frozen=True)
class Site:
    """What the site offers, as its own commands tell."""

    settings: Words
    partitions: dict[str, Words]
    nodes: list[Node]  # once for each partition that a node is in

    @property
    def keeps_accounts(self) -> bool:
        """Return whether slurmdbd knows users, accounts and QOS."""
        return "slurmdbd" in self.settings.get("AccountingStorageType", "")

    def in_partition(self, name: str) -> list[Node]:
        """Return a partition's nodes, or the default one's where no name is given."""
        return [
            node for node in self.nodes if (node.partition == name if name else node.is_default)
        ]

    def name_of(self, partition: str) -> str:
        """Return a partition's name, which is the default one's where none is given."""
        return next((node.partition for node in self.in_partition(partition)), partition)

    def words_of(self, partition: str) -> Words:
        """Return what is set for a partition; nothing where there is none."""
        return self.partitions.get(self.name_of(partition), {})

    def preempt_mode(self, partition: str) -> str:
        """Return what becomes of a partition's preempted jobs: OFF, REQUEUE, CANCEL or another."""
        if self.settings.get("PreemptType", "preempt/none") in ("preempt/none", NOTHING):
            return "OFF"
        return self.words_of(partition).get("PreemptMode", "OFF")


def read_site() -> Site:
    """Ask the controller for all of it; a UserError where it does not answer."""
    return Site(_settings(), _shown("partition", "PartitionName"), _nodes())


def reservations() -> dict[str, Words]:
    """Return the site's reservations by name."""
    return _shown("reservation", "ReservationName")


def nodes_in(listed: str) -> set[str]:
    """Return the names of the nodes in a list like `gpu[01-04],login`."""
    return (
        set()
        if listed in ("", NOTHING)
        else set(answer_of("scontrol", "show", "hostnames", listed))
    )


def names_in(listed: str) -> list[str]:
    """Return the names in a list of Slurm's or of a profile's, whatever parts them."""
    return listed.replace(",", " ").split()


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


def _settings() -> Words:
    pairs = (line.partition("=") for line in answer_of("scontrol", "show", "config"))
    return {key.strip(): value.strip() for key, equals, value in pairs if equals}


def _shown(kind: str, name: str) -> dict[str, Words]:
    """Return all that scontrol shows of a kind, by name; it may say in words that there is none."""
    found = _words(answer_of("scontrol", "show", kind, "--oneliner"))
    return {words[name]: words for words in found if name in words}


def _words(lines: Iterable[str]) -> Iterable[Words]:
    return (dict(word.partition("=")[::2] for word in line.split()) for line in lines)


def _nodes() -> list[Node]:
    layout = SEPARATOR.join(("%N", "%P", "%a", "%l", "%c", "%m", "%G", "%f"))
    return [_node(line) for line in answer_of("sinfo", "-h", "-N", "-o", layout)]


def _node(line: str) -> Node:
    name, partition, state, limit, cpus, memory, gres, features = line.split(SEPARATOR)
    return Node(
        name=name,
        partition=partition.removesuffix("*"),
        is_default=partition.endswith("*"),
        is_up=state == "up",
        minutes=minutes_of(limit),
        cpus=_number(cpus),
        mem_mb=_number(memory),
        gpus=gpus_of(gres),
        features=frozenset(features.split(",")) - {NOTHING, ""},
    )


def _number(text: str) -> int:
    found = re.match(r"\d+", text)  # a + marks a group whose nodes differ
    return int(found[0]) if found else 0
