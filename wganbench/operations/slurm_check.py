"""`wganbench slurm check`: what is missing on the site, before 300 jobs fail."""

import getpass
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.text import Text

from wganbench.console import plain_table
from wganbench.errors import UserError
from wganbench.operations.retries import times_memory, times_minutes
from wganbench.operations.slurm import PREFIX, answer_of
from wganbench.operations.slurm_probe import probe
from wganbench.operations.slurm_profile import Needs, Profile, read_profile
from wganbench.operations.slurm_site import (
    Node,
    controller_settings,
    nodes,
    preempt_modes,
    seconds_of,
)

COMMANDS = ("sbatch", "squeue", "scancel", "sinfo", "scontrol", "srun")
# The plugin asks for the state of its jobs every 180 s at the longest.
MIN_JOB_AGE = 200
COLOURS = {"ok": "green", "missing": "bold red", "unknown": "yellow"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: Literal["ok", "missing", "unknown"]
    note: str  # what was found, or what to do


def check_slurm(
    profile: Path, folder: Path, needs: Sequence[Needs], seconds: float = 120
) -> list[Finding]:
    """Return what the site has and lacks; the last rows come from real test jobs in the folder.

    These may wait for their turn for so many seconds; with 0 none is submitted.
    """
    site = read_profile(profile)
    absent = [name for name in COMMANDS if not shutil.which(name)]
    found = [_commands(absent), *_profile(site), *_python()]
    if absent:
        return [*found, Finding("everything else", "unknown", "needs Slurm's commands")]
    try:
        settings, offered = controller_settings(), nodes()
    except UserError as error:
        return [*found, Finding("controller", "missing", f"{error}: ask the site's support")]
    return [
        *found,
        Finding("controller", "ok", settings.get("ClusterName", "")),
        *_partitions(site, offered, needs),
        *_preemption(site, offered, needs, preempt_modes(settings)),
        _account(site, settings),
        *(_fits_to_the_end(site, offered, need) for need in needs),
        _status_command(site, settings),
        *(_probes(site, folder, needs, seconds) if seconds else ()),
    ]


def print_findings(found: Sequence[Finding]) -> bool:
    """Print a table and return whether nothing is missing."""
    # Notes quote a site's programs: no markup in them.
    rows = ((row.name, Text(row.state, COLOURS[row.state]), Text(row.note)) for row in found)
    Console().print(plain_table(("check", "result", "what was found, or what to do"), rows))
    return all(row.state != "missing" for row in found)


def _judged(name: str, problem: str, note: str = "") -> Finding:
    return Finding(name, "missing" if problem else "ok", problem or note)


def _commands(absent: list[str]) -> Finding:
    lacking = f"no {', '.join(absent)} on PATH: log in to a login node, or load Slurm's module"
    return _judged("commands", lacking if absent else "", ", ".join(COMMANDS))


def _python() -> Iterator[Finding]:
    if " " in sys.executable:  # Snakemake's jobs do not quote its path
        remedy = "move the folder to a path without a space"
        yield Finding("python", "missing", f"Slurm jobs cannot start {sys.executable}: {remedy}")


def _profile(site: Profile) -> Iterator[Finding]:
    jobs = site.settings.get("jobs")
    problem = "" if jobs else f"{site.path}: add `jobs: 100`, how many at once"
    yield _judged("profile", problem, f"{site.path}: {jobs} jobs at once")
    if (prefix := site.settings.get("slurm-jobname-prefix")) != PREFIX:
        note = f"{prefix!r}: set {PREFIX}, by which `wganbench recover` finds the jobs"
        yield Finding("job names", "missing", note)


def _partitions(
    site: Profile, offered: Sequence[Node], needs: Sequence[Needs]
) -> Iterator[Finding]:
    named = {site.resource(need.rule, "slurm_partition") for need in needs} or {
        site.defaults.get("slurm_partition", "")
    }
    known = sorted({node.partition for node in offered})
    for name in sorted(named):
        there = _in_partition(offered, name)
        note = problem = ""
        if not there:
            lead = "does not exist" if name else "the site has none"
            problem = f"{lead}: set slurm_partition in {site.path} to one of {', '.join(known)}"
        elif not any(node.is_up for node in there):
            problem = f"{there[0].partition} is down; there are {known}"
        else:
            note = f"{there[0].partition}, {len(there)} node{'s'[: len(there) > 1]}"
        yield _judged(f"partition {name}" if name else "default partition", problem, note)


def _preemption(
    site: Profile, offered: Sequence[Node], needs: Sequence[Needs], modes: dict[str, str]
) -> Iterator[Finding]:
    """Yield a row for each partition of ours whose jobs give way to others'."""
    wanted = {site.resource(need.rule, "slurm_partition") for need in needs}
    for name in sorted({node.partition for one in wanted for node in _in_partition(offered, one)}):
        mode = modes.get(name, "OFF")
        problem = ""
        if "CANCEL" in mode:
            problem = (
                "cancels jobs that give way to others', and Snakemake waits for them for ever: "
                "take another partition, or workers (docs/workflow.md)"
            )
        elif "REQUEUE" in mode and not site.settings.get("slurm-requeue"):
            problem = (
                "puts jobs that give way to others' back into the queue, which the profile "
                f"forbids, and Snakemake waits for them for ever: in {site.path}, set "
                "slurm-requeue: true in place of slurm-no-requeue"
            )
        if problem or mode != "OFF":
            yield _judged(f"preemption in {name}", problem, mode)


def _account(site: Profile, settings: dict[str, str]) -> Finding:
    accounts = _names(site.defaults.get("slurm_account", ""))
    if "none" in settings.get("AccountingStorageType", "none"):
        note = "the site keeps none" + ("; slurm_account changes nothing" if accounts else "")
        return Finding("account", "ok", note)
    if not accounts:
        return Finding("account", "ok", "your default one")
    user = getpass.getuser()
    try:
        lines = answer_of("sacctmgr", "-n", "-P", "-s", "list", "user", user, "format=account")
    except UserError as error:
        return Finding("account", "unknown", f"{', '.join(accounts)}: {error}")
    valid = sorted({line.strip().lower() for line in lines if line.strip()})
    wrong = ", ".join(name for name in accounts if name.lower() not in valid)
    problem = f"{wrong} is not yours: set slurm_account to one of {', '.join(valid)}"
    return _judged("account", problem if wrong else "", ", ".join(accounts))


def _names(listed: str) -> list[str]:
    return listed.replace(",", " ").split()


def _fits_to_the_end(site: Profile, offered: Sequence[Node], need: Needs) -> Finding:
    """Return whether a rule's job fits and, if it does, whether its last retry does too."""
    first = _fits(site, offered, need)
    attempts = 1 + int(site.settings.get("retries") or 0)
    last = replace(
        need,
        mem_mb=times_memory(attempts) * need.mem_mb,
        runtime=times_minutes(attempts, resumes=need.resumes) * need.runtime,
    )
    if first.state == "ok" and _fits(site, offered, last).state == "missing":
        asked = f"a retry asks for {last.mem_mb} MiB and {last.runtime} minutes"
        note = f"{first.note}; but {asked}, which nobody offers: set fewer retries"
        return Finding(first.name, "unknown", note)
    return first


def _fits(site: Profile, offered: Sequence[Node], need: Needs) -> Finding:
    """Return whether some node of the rule's partition can ever run its largest job."""
    model = site.resource(need.rule, "gpu_model") if need.gpu else ""
    left = _in_partition(offered, site.resource(need.rule, "slurm_partition"))
    if not left:
        return Finding(f"jobs of {need.rule}", "unknown", "needs a partition")
    gpu = f"{need.gpu} GPU{f' of type {model}' if model else ''}"
    wishes: list[tuple[str, Callable[[Node], bool]]] = [
        (gpu, lambda node: node.has(need.gpu, model)),
        (f"{need.threads} CPUs", lambda node: node.cpus >= need.threads),
        (f"{need.mem_mb} MiB", lambda node: node.mem_mb >= need.mem_mb),
        (f"{need.runtime} minutes", lambda node: node.minutes >= need.runtime),
    ][0 if need.gpu else 1 :]
    for wish, is_met in wishes:
        if not (able := [node for node in left if is_met(node)]):
            types = sorted({kind or "untyped" for node in left for kind in node.gpus})
            there = f" (there are {', '.join(types) or 'none'})" if wish == gpu else ""
            note = f"no node of {left[0].partition} offers {wish}{there}: set another partition"
            return Finding(f"jobs of {need.rule}", "missing", note)
        left = able
    return Finding(f"jobs of {need.rule}", "ok", ", ".join(wish for wish, _ in wishes))


def _status_command(site: Profile, settings: dict[str, str]) -> Finding:
    command = str(site.settings.get("slurm-status-command") or "sacct")
    age = seconds_of(settings.get("MinJobAge", ""))
    keeps = "slurmdbd" in settings.get("AccountingStorageType", "")
    problem = ""
    if command == "squeue" and age is not None and age < MIN_JOB_AGE:
        remedy = "set slurm-status-command: sacct" if keeps else "ask the site for 300 s"
        problem = f"Slurm forgets ended jobs after {age} s, Snakemake would wait for ever: {remedy}"
    elif command != "squeue" and not keeps:
        problem = f"{command} waits for ever without slurmdbd: set squeue in {site.path}"
    return _judged("job status", problem, f"{command}; MinJobAge {age} s")


def _probes(
    site: Profile, folder: Path, needs: Sequence[Needs], seconds: float
) -> Iterator[Finding]:
    """Try one job, and where GPUs are asked for a job with one."""
    plain = next((need.rule for need in needs if not need.gpu), "")
    tried = {"test job": (plain, "cpu", ["--cpus-per-task=1"])}
    if gpu := next((need.rule for need in needs if need.gpu), ""):
        model = site.resource(gpu, "gpu_model")
        tried["test job with GPU"] = (gpu, "cuda", [f"--gpus={model}:1" if model else "--gpus=1"])
    for name, (rule, device, options) in tried.items():
        problem = probe(folder, options + _site_options(site, rule), device, seconds)
        if " is pending " in problem:
            yield Finding(name, "unknown", problem)
        else:
            yield _judged(name, problem, "sees this folder and its locks, and runs this Python")


def _site_options(site: Profile, rule: str) -> list[str]:
    partition = site.resource(rule, "slurm_partition")
    accounts = _names(site.resource(rule, "slurm_account"))
    return [f"--partition={partition}"] * bool(partition) + [f"--account={a}" for a in accounts[:1]]


def _in_partition(offered: Sequence[Node], name: str) -> list[Node]:
    return [node for node in offered if (node.partition == name if name else node.is_default)]
