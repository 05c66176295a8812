"""What jobs ask for, and what a profile for Slurm sets that a site can get wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wganbench.errors import UserError
from wganbench.operations.asks import Asks
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

    def resource(self, rule: str, name: str) -> str:
        """Return a resource of a rule's jobs as the profile sets it, or nothing."""
        return self.by_rule.get(rule, {}).get(name) or self.defaults.get(name, "")


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
        return {str(name): str(value) for name, value in given.items() if value is not None}
    pairs = (str(entry).partition("=") for entry in given) if isinstance(given, list) else ()
    return {name: value.strip("'\"") for name, _, value in pairs}


def _by_rule(given: object) -> dict[str, Resources]:
    """Return resources by rule, written as a mapping or as a list of RULE:NAME=VALUE."""
    if isinstance(given, dict):
        return {str(rule): _resources(resources) for rule, resources in given.items()}
    found: dict[str, Resources] = {}
    for entry in given if isinstance(given, list) else ():
        rule, _, resource = str(entry).partition(":")
        found.setdefault(rule, {}).update(_resources([resource]))
    return found
