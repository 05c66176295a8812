"""Where jobs may run: partitions and preemption there, features of nodes, reservations."""

import re
from collections.abc import Iterator
from datetime import datetime
from math import inf

from wganbench.operations.slurm_finding import Finding, judged
from wganbench.operations.slurm_jobs import Jobs
from wganbench.operations.slurm_site import Node, nodes_in, reservations

BRACKETS = re.compile(r"[\[(]([^\[\]()]*)[\])]")
HELD = "\1"  # stands for brackets that hold; no feature is called so


def places(jobs: Jobs) -> Iterator[Finding]:
    """Yield what stands against the partitions, constraints and the reservation of the profile."""
    yield from _partitions(jobs)
    yield from _preemption(jobs)
    yield from _constraints(jobs)
    if jobs.profile.reservation:
        yield _reservation(jobs)


def _partitions(jobs: Jobs) -> Iterator[Finding]:
    named = {jobs.profile.partition(need) for need in jobs.needs}
    known = sorted({node.partition for node in jobs.site.nodes})
    for name in sorted(named or {jobs.profile.defaults.get("slurm_partition", "")}):
        there = jobs.site.in_partition(name)
        note = problem = ""
        if not there:
            lead = "does not exist" if name else "the site has none"
            remedy = f"set slurm_partition in {jobs.profile.path} to one of {', '.join(known)}"
            problem = f"{lead}: {remedy}"
        elif not any(node.is_up for node in there):
            problem = f"{there[0].partition} is down; there are {', '.join(known)}"
        else:
            note = f"{there[0].partition}, {len(there)} node{'s'[: len(there) > 1]}"
        yield judged(f"partition {name}" if name else "default partition", problem, note)


def _preemption(jobs: Jobs) -> Iterator[Finding]:
    """Yield a row for each partition of ours whose jobs give way to others'."""
    for name in sorted({jobs.partition(need) for need in jobs.needs}):
        mode = jobs.site.preempt_mode(name)
        problem = ""
        if "CANCEL" in mode:
            problem = (
                "cancels jobs that give way to others', and Snakemake waits for them for ever: "
                "take another partition, or workers (docs/workflow.md)"
            )
        elif "REQUEUE" in mode and not jobs.profile.settings.get("slurm-requeue"):
            problem = (
                "puts jobs that give way to others' back into the queue, which the profile "
                f"forbids, and Snakemake waits for them for ever: in {jobs.profile.path}, set "
                "slurm-requeue: true in place of slurm-no-requeue"
            )
        if problem or mode != "OFF":
            yield judged(f"preemption in {name}", problem, mode)


def _constraints(jobs: Jobs) -> Iterator[Finding]:
    """Yield a row for each constraint: some node of the partition has to have the features."""
    rows = {(jobs.profile.resource(need.rule, "constraint"), jobs.partition(need)): jobs.nodes(need)
            for need in jobs.needs}  # fmt: skip
    for (constraint, partition), nodes in sorted(rows.items(), key=lambda row: row[0]):
        if constraint and nodes:
            able = [node.name for node in nodes if meets(node, constraint)]
            features = sorted(frozenset().union(*(node.features for node in nodes)))
            there = f"its nodes have {', '.join(features)}" if features else "its nodes have none"
            problem = f"no node of {partition} has such features ({there}): set another constraint"
            note = f"{len(able)} of {len(nodes)} nodes of {partition}"
            yield judged(f"constraint {constraint}", "" if able else problem, note)


def meets(node: Node, constraint: str) -> bool:
    """Return whether a node has what a constraint asks of one: a, a&b, a|b, [a|b], a*2, (a|b)&c."""
    text = re.sub(r"\*\d+|\s", "", constraint)
    while inner := BRACKETS.search(text):
        text = (
            text[: inner.start()] + (HELD if _holds(node, inner[1]) else "\0") + text[inner.end() :]
        )
    return _holds(node, text)


def _holds(node: Node, flat: str) -> bool:
    held = node.features | {HELD}
    return any(held.issuperset(re.split("[&,]", all_of)) for all_of in flat.split("|"))


def _reservation(jobs: Jobs) -> Finding:
    """Return whether the reservation is open, and holds nodes of each partition of ours."""
    wanted = jobs.profile.reservation
    name = f"reservation {wanted}"
    known = reservations()
    if not (words := known.get(wanted)):
        there = f"to one of {', '.join(sorted(known))}" if known else "to none: the site has none"
        problem = f"does not exist: set slurm-reservation in {jobs.profile.path} {there}"
        return Finding(name, "missing", problem)
    held = nodes_in(words.get("Nodes", ""))
    for need in jobs.needs:
        if not held & {node.name for node in jobs.nodes(need)}:
            problem = f"holds no node of {jobs.partition(need)}: set a partition of its nodes"
            return Finding(name, "missing", f"{problem}, {words.get('Nodes')}")
    starts, ends = words.get("StartTime", ""), words.get("EndTime", "")
    if words.get("State") != "ACTIVE":
        return Finding(name, "unknown", f"begins at {starts}, until when jobs wait")
    longest = max((jobs.profile.asked(need).runtime for need in jobs.needs), default=0)
    if _minutes_until(ends) < longest:
        note = f"ends at {ends}, and a job of {longest} minutes starts only where it ends before"
        return Finding(name, "unknown", note)
    return Finding(name, "ok", f"until {ends}, {words.get('Nodes')}")


def _minutes_until(time: str) -> float:
    try:
        return (datetime.fromisoformat(time) - datetime.now()).total_seconds() / 60
    except ValueError:  # the site or the user has Slurm write times otherwise
        return inf
