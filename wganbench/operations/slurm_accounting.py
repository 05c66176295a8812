"""What a site's accounting lets its user do: accounts, QOS and how many jobs at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from wganbench.operations.slurm import answer_of
from wganbench.operations.slurm_site import minutes_of, names_in

# The columns that sacctmgr is asked for.
ASSOCIATION = ("Account", "Partition", "QOS", "DefaultQOS", "MaxSubmitJobs")
QOS = ("Name", "MaxSubmitJobsPerUser", "GrpSubmitJobs", "MaxWall")


@dataclass(frozen=True)
class Association:
    """A user in an account: what they may use, with the limits of the accounts above it."""

    account: str
    partition: str  # "" where it holds in all
    qos: frozenset[str]
    default_qos: str
    max_submit: float  # jobs that wait or run


@dataclass(frozen=True)
class QosLimits:
    """The limits of a QOS that a workflow can meet."""

    max_submit: float  # jobs that wait or run
    minutes: float  # of one job


@dataclass(frozen=True)
class Accounting:
    """All that concerns one user on one cluster; empty where sacctmgr tells nothing."""

    associations: list[Association]
    qos: dict[str, QosLimits]

    def in_use(self, accounts: Iterable[str], partition: str) -> list[Association]:
        """Return the associations with these accounts, or with any if none is named."""
        wanted = {account.lower() for account in accounts}
        return [
            one
            for one in self.associations
            if one.account.lower() in wanted or not wanted
            if one.partition in ("", partition)
        ]


def read_accounting(user: str, cluster: str) -> Accounting:
    """Ask sacctmgr; a UserError where it does not answer."""
    mine = ("show", "assoc", "where", f"user={user}", *([f"cluster={cluster}"] if cluster else ()))
    return Accounting(
        associations_in(_answer(*mine, f"format={','.join(ASSOCIATION)}")),
        qos_in(_answer("show", "qos", f"format={','.join(QOS)}")),
    )


def associations_in(lines: Iterable[str]) -> list[Association]:
    """Return the associations in sacctmgr's lines, whose columns are ASSOCIATION."""
    return [
        Association(account, partition, frozenset(names_in(qos)), default, _limit(submit))
        for account, partition, qos, default, submit in _rows(lines)
    ]


def qos_in(lines: Iterable[str]) -> dict[str, QosLimits]:
    """Return the limits by QOS in sacctmgr's lines, whose columns are QOS."""
    return {
        name: QosLimits(min(_limit(of_user), _limit(of_all)), minutes_of(wall))
        for name, of_user, of_all, wall in _rows(lines)
    }


def _answer(*words: str) -> list[str]:
    return answer_of("sacctmgr", "--noheader", "--parsable2", *words)


def _rows(lines: Iterable[str]) -> Iterable[list[str]]:
    return (line.split("|") for line in lines if line.strip())


def _limit(number: str) -> float:
    return int(number) if number.isdigit() else inf
