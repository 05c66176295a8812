"""What a site lets its user do: accounts, QOS, and how many jobs at once."""

from collections.abc import Iterator
from math import inf

from wganbench.operations.slurm_finding import Finding, judged
from wganbench.operations.slurm_jobs import Jobs
from wganbench.operations.slurm_profile import Needs
from wganbench.operations.slurm_site import names_in

KEEPS_NONE = "the site keeps none"


def limits(jobs: Jobs) -> Iterator[Finding]:
    """Yield what stands against the profile's accounts, its QOS and its number of jobs."""
    yield _account(jobs)
    yield from _qos(jobs)
    yield _jobs_at_once(jobs)


def _account(jobs: Jobs) -> Finding:
    named = sorted({account for need in jobs.needs for account in jobs.profile.accounts(need.rule)})
    listed = ", ".join(named)
    if jobs.accounting is None:
        changes = "; slurm_account changes nothing" if named else ""
        return Finding("account", "ok", f"{KEEPS_NONE}{changes}")
    if not named:
        return Finding("account", "ok", "your default one")
    valid = {one.account.lower(): one.account for one in jobs.accounting.associations}
    if not valid:
        return Finding("account", "unknown", f"{listed}; sacctmgr names none of yours")
    wrong = ", ".join(name for name in named if name.lower() not in valid)
    problem = (
        f"{wrong} is not yours: set slurm_account to one of {', '.join(sorted(valid.values()))}"
    )
    return judged("account", problem if wrong else "", listed)


def _qos(jobs: Jobs) -> Iterator[Finding]:
    """Yield a row for each QOS that the profile names, and for each partition that wants one."""
    one_of_each = {(jobs.profile.qos(need.rule), jobs.partition(need)): need for need in jobs.needs}
    for (named, partition), need in sorted(one_of_each.items(), key=lambda item: item[0]):
        name = f"QOS {named} in {partition}" if named else f"QOS in {partition}"
        if problem := _foreign_qos(jobs, need) or _unwanted_qos(jobs, need):
            yield Finding(name, "missing", problem)
        elif named and jobs.accounting is None:
            yield Finding(name, "ok", f"{KEEPS_NONE}; it changes nothing")
        elif named and not jobs.associations(need):
            yield Finding(name, "unknown", "sacctmgr names none of yours")
        elif named:
            yield Finding(name, "ok", "yours")


def _foreign_qos(jobs: Jobs, need: Needs) -> str:
    """Return what is wrong with a QOS that the accounting does not give to the user."""
    named = jobs.profile.qos(need.rule)
    yours = _yours(jobs, need)
    if not (named and yours) or named in yours:
        return ""
    is_known = jobs.accounting is not None and named in jobs.accounting.qos
    return f"{'is not yours' if is_known else 'does not exist'}: {_remedy(jobs, yours)}"


def _unwanted_qos(jobs: Jobs, need: Needs) -> str:
    """Return what is wrong with a QOS whose jobs the partition does not take."""
    words = jobs.site.words_of(jobs.partition(need))
    allowed, denied = (frozenset(names_in(words.get(key, ""))) for key in ("AllowQos", "DenyQos"))
    qos = jobs.qos(need)
    if allowed - {"ALL"} and qos not in allowed:
        better = allowed & _yours(jobs, need) or allowed
        takes = f"the partition takes jobs of {', '.join(sorted(allowed))} alone"
        return f"{takes}: {_remedy(jobs, better)}, or another partition"
    if qos in denied:
        return f"the partition takes no jobs of {qos}: set another QOS or another partition"
    return ""


def _yours(jobs: Jobs, need: Needs) -> frozenset[str]:
    return frozenset().union(*(one.qos for one in jobs.associations(need)))


def _remedy(jobs: Jobs, names: frozenset[str]) -> str:
    key = "slurm-qos" if jobs.profile.settings.get("slurm-qos") else "qos"
    return f"set {key} in {jobs.profile.path} to one of {', '.join(sorted(names))}"


def _jobs_at_once(jobs: Jobs) -> Finding:
    """Return whether the site takes as many jobs of one user as the profile has at once."""
    settings = jobs.site.settings
    most = [(float(settings.get("MaxJobCount") or inf), "the site's controller")]
    for need in jobs.needs:
        # Where no account is named, any of the user's may be charged.
        used = jobs.associations(need)
        most.append((max((one.max_submit for one in used), default=inf), "your account"))
        most += [(one.max_submit, f"QOS {name}") for name, one in jobs.qos_limits(need).items()]
    room, who = min(most)
    wanted = jobs.profile.settings.get("jobs")
    array = int(settings.get("MaxArraySize") or 0)
    workers = f"an array takes up to {array} workers" if array else "the site takes no job arrays"
    remedy = f"set jobs: {room:.0f} in {jobs.profile.path}"
    is_too_many = isinstance(wanted, int) and wanted > room
    note = f"{wanted}; {who} takes {room:.0f}"
    return judged("jobs at once", f"{note}: {remedy}" if is_too_many else "", f"{note}; {workers}")
