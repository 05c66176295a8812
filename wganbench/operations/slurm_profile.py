"""What jobs ask for, and what a profile for Slurm sets that a site can get wrong."""

import logging
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from wganbench.errors import UserError
from wganbench.operations.asks import Asks
from wganbench.operations.slurm_site import gpus_of, names_in
from wganbench.plan.runs import Run
from wganbench.plan.steps import STEPS
from wganbench.plan.yaml_files import read_mapping

Resources = dict[str, str]


@dataclass(frozen=True)
class Needs:
    """The most that one job of a rule asks for at its first attempt."""

    rule: str
    threads: int
    mem_mb: int
    runtime: int  # minutes
    resumes: bool = False
    gpu: int = 0


def needs(scale: str, runs: Sequence[Run]) -> list[Needs]:
    """Return what the largest jobs of each rule on these runs ask for, with a GPU and without."""
    asks = Asks(scale, runs, anew=True)
    found = []
    for step in sorted(STEPS, key=lambda step: step.name):
        applies = [run for run in runs if step.applies(run)]
        for gpu in (False, True):
            if about := [run for run in applies if step.on_gpu(run) is gpu]:
                of_runs = about if step.subject == "run" else [None]
                found.append(
                    Needs(
                        rule=step.name,
                        threads=1,
                        mem_mb=max(asks.memory(step, run) for run in of_runs),
                        runtime=max(asks.minutes(step, run) for run in of_runs),
                        resumes=step.resumes,
                        gpu=int(gpu),
                    )
                )
    return found


@dataclass(frozen=True)
class Profile:
    """The profile's values that concern the site."""

    path: Path
    settings: dict[str, Any]
    defaults: Resources
    by_rule: dict[str, Resources]

    @property
    def attempts(self) -> int:
        """Return how often Snakemake tries a job."""
        return 1 + int(self.settings.get("retries") or 0)

    @property
    def reservation(self) -> str:
        """Return the reservation that all jobs go to, or nothing."""
        return str(self.settings.get("slurm-reservation") or "")

    def resource(self, rule: str, name: str) -> str:
        """Return a resource of a rule's jobs as the profile sets it, or nothing."""
        return self.by_rule.get(rule, {}).get(name) or self.defaults.get(name, "")

    def qos(self, rule: str) -> str:
        """Return the QOS of a rule's jobs: sbatch gets the setting last, and takes that."""
        return str(self.settings.get("slurm-qos") or self.resource(rule, "qos"))

    def accounts(self, rule: str) -> list[str]:
        """Return the accounts that a rule's jobs may be charged to; the first is tried first."""
        return names_in(self.resource(rule, "slurm_account"))

    def partition(self, need: Needs) -> str:
        """Return the partition of a rule's jobs; nothing stands for the site's default one."""
        chosen = self.resource(need.rule, "slurm_partition")
        if not chosen and (file := self.settings.get("slurm-partition-config")):
            asked = self.asked(need)
            resources: dict[str, Any] = {**self.defaults, **self.by_rule.get(need.rule, {})}
            resources |= {"mem_mb": asked.mem_mb, "runtime": asked.runtime, "gpu": asked.gpu}
            chosen = best_partition(Path(file), need.rule, asked.threads, resources)
        return chosen

    def asked(self, need: Needs) -> Needs:
        """Return what a rule's jobs ask for: what `set-resources` says, else what the rule does."""
        own = self.by_rule.get(need.rule, {})
        mem_mb, gpu = (_whole(own.get(name, "")) for name in ("mem_mb", "gpu"))
        return replace(
            need,
            mem_mb=mem_mb or need.mem_mb,
            runtime=_minutes(own.get("runtime", "")) or need.runtime,
            gpu=need.gpu if gpu is None else gpu,
        )

    def gpus(self, need: Needs) -> tuple[int, str]:
        """Return how many GPUs a rule's job gets, and of what type if it names one."""
        for model, count in gpus_of(self.resource(need.rule, "gres")).items():
            return count, model
        model = self.resource(need.rule, "gpu_model")
        return self.asked(need).gpu or int(bool(model)), model

    def gpu_options(self, need: Needs) -> list[str]:
        """Return how the plugin asks sbatch for GPUs: --gpus for gpu and gpu_model, else --gres."""
        gres, model = (self.resource(need.rule, name) for name in ("gres", "gpu_model"))
        count = self.asked(need).gpu
        typed = f"{model}:{count or 1}" if model else str(count)
        return [f"--gres={gres}"] * bool(gres) + [f"--gpus={typed}"] * bool(model or count)

    def options(self, need: Needs) -> list[str]:
        """Return what the plugin gives sbatch for a rule's job, by which the site may refuse it."""
        asked = self.asked(need)
        named = {
            "account": next(iter(self.accounts(need.rule)), ""),
            "partition": self.partition(need),
            "constraint": self.resource(need.rule, "constraint"),
            "qos": self.qos(need.rule),
            "reservation": self.reservation,
            "time": asked.runtime,
            "mem": asked.mem_mb,
            "cpus-per-task": asked.threads,
        }
        given = [f"--{name}={value}" for name, value in named.items() if value]
        extra = shlex.split(self.resource(need.rule, "slurm_extra"))
        return [*given, *self.gpu_options(need), *extra]


def read_profile(profile: Path) -> Profile:
    """Return a profile, given its folder or its file; one that is not Slurm's is refused."""
    path = profile / "config.yaml" if profile.is_dir() else profile
    settings = read_mapping(path)
    if settings.get("executor") != "slurm":
        raise UserError(f"{path}: executor: {settings.get('executor')!r} is not slurm")
    defaults = _resources(settings.get("default-resources"))
    return Profile(path, settings, defaults, _by_rule(settings.get("set-resources")))


def _resources(given: object) -> Resources:
    """Return resources written as a mapping or as a list of NAME=VALUE."""
    if isinstance(given, dict):
        pairs = [(str(name), str(value)) for name, value in given.items() if value is not None]
    else:
        entries = given if isinstance(given, list) else ()
        pairs = [str(entry).partition("=")[::2] for entry in entries]
    # Snakemake evaluates them: quotes within keep a text from being an expression.
    return {name: value.strip("'\"") for name, value in pairs}


def _by_rule(given: object) -> dict[str, Resources]:
    """Return resources by rule, written as a mapping or as a list of RULE:NAME=VALUE."""
    if isinstance(given, dict):
        return {str(rule): _resources(resources) for rule, resources in given.items()}
    found: dict[str, Resources] = {}
    for entry in given if isinstance(given, list) else ():
        rule, _, resource = str(entry).partition(":")
        found.setdefault(rule, {}).update(_resources([resource]))
    return found


def best_partition(file: Path, rule: str, threads: int, resources: dict[str, Any]) -> str:
    """Return the partition of the plugin's partition file that it would take; nothing if none fits.

    Raises:
        UserError: the plugin cannot read the file.
    """
    from snakemake_executor_plugin_slurm.partitions import get_best_partition, read_partition_file
    from snakemake_interface_common.exceptions import WorkflowError

    job = SimpleNamespace(name=rule, threads=threads, resources=resources)
    quiet = logging.Logger("partitions", logging.CRITICAL)
    try:
        best = get_best_partition(read_partition_file(file), job, quiet)
    except (WorkflowError, TypeError, KeyError, ValueError) as error:
        raise UserError(f"{file}: the plugin's partition file cannot be read: {error}") from None
    return best or ""


def _whole(given: str) -> int | None:
    """Return a whole number; None for nothing, or an expression that Snakemake evaluates."""
    return int(given) if given.isdecimal() else None


def _minutes(given: str) -> int | None:
    """Return a runtime as Snakemake reads it, minutes or a time like 2h; None as `_whole` does."""
    from humanfriendly import InvalidTimespan, parse_timespan

    try:
        return _whole(given) or max(round(parse_timespan(given)) // 60, 1)
    except InvalidTimespan:
        return None
