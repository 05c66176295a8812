"""Whether a rule's jobs can ever run: GPUs, CPUs, memory, minutes, and what Slurm itself says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, inf

from wganbench.errors import UserError
from wganbench.operations.retries import times_memory, times_minutes
from wganbench.operations.slurm import answer_of
from wganbench.operations.slurm_finding import Finding
from wganbench.operations.slurm_jobs import Jobs
from wganbench.operations.slurm_profile import Needs
from wganbench.operations.slurm_site import Node

KNOWS_GPUS = "select/cons_tres"  # of Slurm's ways to choose nodes, the one that knows --gpus
OTHER = "set another partition"


@dataclass(frozen=True)
class Wish:
    """One thing that a job asks of a node."""

    words: str
    is_met: Callable[[Node], bool]
    remedy: Callable[[list[Node]], str] = lambda nodes: f": {OTHER}"
    """What else there is, and what to do, on nodes that meet the wishes before this one."""


def fit(jobs: Jobs, need: Needs) -> Finding:
    """Return whether some node of its partition can run a rule's largest job, and its retries."""
    name = f"jobs of {need.rule}{' with GPU' if need.gpu and _has_cpu_jobs(jobs, need) else ''}"
    if not jobs.nodes(need):
        return Finding(name, "unknown", "needs a partition")
    if lack := _lacking(jobs, need) or _too_few_attempts(jobs, need) or _gpus_by_gres(jobs, need):
        return Finding(name, "missing", lack)
    words = ", ".join(wish.words for wish in _wishes(jobs, need))
    if doubt := _large_retry(jobs, need) or _cut_short(jobs, need) or _slurm_says(jobs, need):
        return Finding(name, "unknown", f"{words}; but {doubt}")
    attempts = _attempts(need, jobs.profile.asked(need).runtime)
    parts = f"; in up to {attempts} of {jobs.profile.attempts} attempts"
    return Finding(name, "ok", words + parts * (attempts > 1))


def _lacking(jobs: Jobs, need: Needs) -> str:
    """Return what no node of the partition offers and what to do; nothing if one offers all."""
    left = jobs.nodes(need)
    for wish in _wishes(jobs, need):
        if not (able := [node for node in left if wish.is_met(node)]):
            return f"no node of {jobs.partition(need)} offers {wish.words}{wish.remedy(left)}"
        left = able
    return ""


def _wishes(jobs: Jobs, need: Needs) -> list[Wish]:
    asked = jobs.profile.asked(need)
    count, model = jobs.profile.gpus(need)
    longest, qos = _qos_minutes(jobs, need)

    def other_gpus(nodes: list[Node]) -> str:
        types = sorted({kind or "untyped" for node in nodes for kind in node.gpus})
        return f" (there are {', '.join(types) or 'none'}): {OTHER}"

    def shorter(nodes: list[Node]) -> str:
        limit = max(node.minutes for node in nodes)
        by_qos = f" (QOS {qos} ends jobs after {longest:.0f})" if longest < limit else ""
        return by_qos + _in_parts(jobs, need, min(limit, longest))

    gpu = f"{count} GPU{f' of type {model}' if model else ''}"
    wishes = [
        Wish(gpu, lambda node: node.has(count, model), other_gpus),
        Wish(f"{asked.threads} CPUs", lambda node: node.cpus >= asked.threads),
        Wish(f"{asked.mem_mb} MiB", lambda node: node.mem_mb >= asked.mem_mb),
        Wish(
            f"{asked.runtime} minutes",
            lambda node: min(node.minutes, longest) >= asked.runtime,
            shorter,
        ),
    ]
    return wishes[0 if count else 1 :]


def _qos_minutes(jobs: Jobs, need: Needs) -> tuple[float, str]:
    """Return the shortest time limit of the QOS over a rule's jobs, and its name."""
    limits = ((one.minutes, name) for name, one in jobs.qos_limits(need).items())
    return min(limits, default=(inf, ""))


def _in_parts(jobs: Jobs, need: Needs, limit: float) -> str:
    """Return what to do about a time limit: a run that resumes may take several attempts."""
    if not need.resumes or limit < 1:
        return f": {OTHER}"
    setting = f"set-resources: {need.rule}: runtime: {limit:.0f}"
    attempts, allowed = _attempts(need, limit), jobs.profile.attempts
    if attempts > allowed:
        setting += f" with retries: {attempts - 1}"
    goes_on = f"a run goes on where it was ended and takes up to {attempts} attempts"
    return f": {OTHER}, or in {jobs.profile.path} {setting} ({goes_on}; retries allow {allowed})"


def _attempts(need: Needs, minutes: float) -> int:
    """Return how many attempts of so many minutes a run takes that goes on where it was ended."""
    return ceil(need.runtime / minutes) if need.resumes else 1


def _too_few_attempts(jobs: Jobs, need: Needs) -> str:
    minutes = jobs.profile.asked(need).runtime
    attempts = _attempts(need, minutes)
    if attempts <= jobs.profile.attempts:
        return ""
    takes = f"a run of {need.runtime} minutes takes {attempts} attempts of {minutes}"
    allows = f"{jobs.profile.path} allows {jobs.profile.attempts}"
    return f"{takes}, and {allows}: set retries: {attempts - 1}"


def _cut_short(jobs: Jobs, need: Needs) -> str:
    if need.resumes or jobs.profile.asked(need).runtime >= need.runtime:
        return ""
    return f"{need.runtime} is what the largest may take, and a retry begins anew"


def _large_retry(jobs: Jobs, need: Needs) -> str:
    """Return what the last retry asks for, if that is more than any node offers."""
    attempts = jobs.profile.attempts
    last = replace(
        need,
        mem_mb=times_memory(attempts) * need.mem_mb,
        runtime=times_minutes(attempts, resumes=need.resumes) * need.runtime,
    )
    asked = jobs.profile.asked(last)
    words = f"a retry asks for {asked.mem_mb} MiB and {asked.runtime} minutes"
    return f"{words}, which nobody offers: set fewer retries" if _lacking(jobs, last) else ""


def _gpus_by_gres(jobs: Jobs, need: Needs) -> str:
    """Return what to set where the site knows GPUs by --gres alone, or the profile asks twice."""
    options = jobs.profile.gpu_options(need)
    if not any(option.startswith("--gpus=") for option in options):
        return ""
    rule = f"set-resources: {need.rule}:"
    if len(options) > 1:
        return f"asks for GPUs twice, by {' and '.join(options)}: {rule} gpu: 0, without gpu_model"
    count, model = jobs.profile.gpus(need)
    gres = f"gpu:{model}:{count}" if model else f"gpu:{count}"
    remedy = f"in {jobs.profile.path}, {rule} gres: {gres} and gpu: 0, without gpu_model"
    if _has_cpu_jobs(jobs, need):
        remedy += "; its jobs that need no GPU then get one too"
    kind = jobs.site.settings.get("SelectType", KNOWS_GPUS)
    if kind != KNOWS_GPUS:
        return f"Slurm's {kind} does not know --gpus: {remedy}"
    given = jobs.profile.options(need)
    by_gres = [f"--gres={gres}" if option in options else option for option in given]
    if (said := refusal(given)) and not refusal(by_gres):
        return f"the site takes --gres, and not --gpus ({said}): {remedy}"
    return ""


def _has_cpu_jobs(jobs: Jobs, need: Needs) -> bool:
    return any(one.rule == need.rule and not one.gpu for one in jobs.needs)


def _slurm_says(jobs: Jobs, need: Needs) -> str:
    said = refusal(jobs.profile.options(need))
    return f"Slurm would not take it now: {said}" if said else ""


def refusal(options: list[str]) -> str:
    """Return why Slurm would not take a job with such options now, or nothing; submits none."""
    try:
        answer_of("sbatch", "--test-only", "--wrap=true", *options)
    except UserError as error:
        return str(error).replace("sbatch failed: ", "").replace("sbatch: error: ", "")
    return ""
