"""`wganbench slurm check`: what is missing on the site, before 300 jobs fail."""

import getpass
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from wganbench.console import plain_table
from wganbench.errors import UserError
from wganbench.operations.slurm import PREFIX
from wganbench.operations.slurm_accounting import Accounting, read_accounting
from wganbench.operations.slurm_finding import Finding, judged
from wganbench.operations.slurm_fit import fit
from wganbench.operations.slurm_jobs import Jobs
from wganbench.operations.slurm_limits import limits
from wganbench.operations.slurm_places import places
from wganbench.operations.slurm_probe import probes
from wganbench.operations.slurm_profile import Needs, Profile, read_profile
from wganbench.operations.slurm_site import Site, read_site, seconds_of

COMMANDS = ("sbatch", "squeue", "scancel", "sinfo", "scontrol", "srun")
# The plugin asks for the state of its jobs every 180 s at the longest.
MIN_JOB_AGE = 200
COLOURS = {"ok": "green", "missing": "bold red", "unknown": "yellow"}
# Names that look right and that the plugin does not read, with what it reads.
UNREAD = {
    "account": "slurm_account",
    "partition": "slurm_partition",
    "reservation": "the setting slurm-reservation",
    "slurm_constraint": "constraint",
    "slurm_gres": "gres",
    "slurm_qos": "qos",
    "slurm_reservation": "the setting slurm-reservation",
}


def check_slurm(
    profile: Path, folder: Path, needs: Sequence[Needs], seconds: float = 120
) -> list[Finding]:
    """Return what the site has and lacks; the last rows come from real test jobs in the folder.

    These may wait for their turn for so many seconds; with 0 none is submitted.
    """
    wanted = read_profile(profile)
    absent = [name for name in COMMANDS if not shutil.which(name)]
    found = [_commands(absent), *_profile(wanted), *_python()]
    if absent:
        return [*found, Finding("everything else", "unknown", "needs Slurm's commands")]
    try:
        site = read_site()
    except UserError as error:
        return [*found, Finding("controller", "missing", f"{error}: ask the site's support")]
    found.append(Finding("controller", "ok", site.settings.get("ClusterName", "")))
    try:
        accounting = _accounting(site)
    except UserError as error:
        accounting = Accounting([], {})
        found.append(Finding("accounting", "unknown", str(error)))
    jobs = Jobs(wanted, site, accounting, needs)
    return [
        *found,
        *places(jobs),
        *limits(jobs),
        *(fit(jobs, need) for need in needs),
        _status_command(wanted, site),
        *(probes(jobs, folder, seconds) if seconds else ()),
    ]


def print_findings(found: Sequence[Finding]) -> bool:
    """Print a table and return whether nothing is missing."""
    # Notes quote a site's programs: no markup in them.
    rows = ((row.name, Text(row.state, COLOURS[row.state]), Text(row.note)) for row in found)
    Console().print(plain_table(("check", "result", "what was found, or what to do"), rows))
    return all(row.state != "missing" for row in found)


def _accounting(site: Site) -> Accounting | None:
    cluster = site.settings.get("ClusterName", "")
    return read_accounting(getpass.getuser(), cluster) if site.keeps_accounts else None


def _commands(absent: list[str]) -> Finding:
    lacking = f"no {', '.join(absent)} on PATH: log in to a login node, or load Slurm's module"
    return judged("commands", lacking if absent else "", ", ".join(COMMANDS))


def _python() -> Iterator[Finding]:
    if " " in sys.executable:  # Snakemake's jobs do not quote its path
        remedy = "move the folder to a path without a space"
        yield Finding("python", "missing", f"Slurm jobs cannot start {sys.executable}: {remedy}")


def _profile(profile: Profile) -> Iterator[Finding]:
    jobs = profile.settings.get("jobs")
    problem = "" if jobs else f"{profile.path}: add `jobs: 100`, how many at once"
    yield judged("profile", problem, f"{profile.path}: {jobs} jobs at once")
    if (prefix := profile.settings.get("slurm-jobname-prefix")) != PREFIX:
        note = f"{prefix!r}: set {PREFIX}, by which `wganbench recover` finds the jobs"
        yield Finding("job names", "missing", note)
    for name in sorted({*profile.defaults, *(n for own in profile.by_rule.values() for n in own)}):
        if name in UNREAD:
            note = f"the plugin does not read it: write {UNREAD[name]} in {profile.path}"
            yield Finding(f"resource {name}", "missing", note)


def _status_command(profile: Profile, site: Site) -> Finding:
    command = str(profile.settings.get("slurm-status-command") or "sacct")
    age = seconds_of(site.settings.get("MinJobAge", ""))
    problem = ""
    if command == "squeue" and age is not None and age < MIN_JOB_AGE:
        remedy = (
            "set slurm-status-command: sacct" if site.keeps_accounts else "ask the site for 300 s"
        )
        problem = f"Slurm forgets ended jobs after {age} s, Snakemake would wait for ever: {remedy}"
    elif command != "squeue" and not site.keeps_accounts:
        problem = f"{command} waits for ever without slurmdbd: set squeue in {profile.path}"
    return judged("job status", problem, f"{command}; MinJobAge {age} s")
