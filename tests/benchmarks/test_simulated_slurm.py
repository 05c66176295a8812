"""The simulated cluster of benchmarks/scale_out.py has known answers."""

import sys
from math import ceil

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

with pytest.MonkeyPatch.context() as patch:
    patch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    from simulated_head import Head, through_head
    from simulated_slurm import Job, Slurm, ideal
    from simulated_workers import Run, Worker, through_workers

SECONDS = st.floats(0, 100)
COSTS = st.floats(0, 5)
SLOTS = st.integers(1, 9)


@st.composite
def grids(draw) -> list[Job]:
    """Jobs of any lengths, each after some of those before it."""
    jobs: list[Job] = []
    for n, seconds in enumerate(draw(st.lists(SECONDS, min_size=1, max_size=30))):
        after = draw(st.sets(st.sampled_from(jobs), max_size=3)) if jobs else ()
        jobs.append(Job(str(n), seconds, tuple(sorted(job.name for job in after))))
    return jobs


@st.composite
def heads(draw) -> Head:
    costs = {name: draw(COSTS) for name in ("plan", "submit", "finish", "replan")}
    return Head(jobs=draw(st.integers(1, 40)), first_check=draw(st.floats(1, 40)), **costs)


@st.composite
def clusters(draw) -> Slurm:
    return Slurm(draw(SLOTS), sbatch=draw(COSTS), start=draw(COSTS))


@st.composite
def tuned_grids(draw) -> list[Run]:
    """Runs of three kinds: free, candidates of a choice, and those that follow from one."""
    kinds = st.sampled_from([("", ""), ("a", ""), ("", "a"), ("b", ""), ("", "b")])
    rows = draw(st.lists(st.tuples(SECONDS, kinds), min_size=1, max_size=30))
    return [Run(str(n), seconds, *kind) for n, (seconds, kind) in enumerate(rows)]


def most_at_once(spans) -> int:
    """Return how many spans overlap at most; one that begins as another ends does not."""
    edges = [(end, -1) for begin, end in spans if end > begin]
    edges += [(begin, 1) for begin, end in spans if end > begin]
    here = most = 0
    for _, change in sorted(edges):
        here += change
        most = max(most, here)
    return most


@given(st.integers(1, 60), SLOTS, st.integers(1, 100))
def test_equal_jobs_without_overheads_take_one_length_for_each_time_the_slots_are_filled(n, s, one):
    expected = ceil(n / s) * one
    jobs = [Job(str(i), one) for i in range(n)]
    assert through_head(jobs, Slurm(s), Head(jobs=s)).seconds == expected
    runs = [Run(str(i), one) for i in range(n)]
    assert through_workers([runs], s, Slurm(s), Worker()).seconds == expected


def test_a_limit_of_jobs_below_the_slots_leaves_the_others_empty():
    jobs = [Job(str(i), 10) for i in range(512)]
    assert through_head(jobs, Slurm(512), Head(jobs=100)).seconds == 60


def test_an_end_is_found_when_squeue_is_asked_and_the_process_ends_with_one_more_question():
    # Asked at 0 (nothing is submitted), 30 (running), 70 (done), and 30 s later the process ends.
    head = Head(jobs=1, first_check=30)
    assert through_head([Job("a", 45)], Slurm(1), head).seconds == 100
    # The next one is submitted at 70, asked after at 100, and found at 140.
    two = [Job("a", 45), Job("b", 45)]
    assert through_head(two, Slurm(1), head).seconds == 170


def test_the_head_processs_own_seconds_are_those_of_its_jobs():
    jobs = [Job(str(i), 10) for i in range(20)]
    head = Head(jobs=5, plan=3, submit=0.25, finish=0.5, first_check=30)
    assert through_head(jobs, Slurm(4, sbatch=0.1, start=1), head).busy == 3 + 20 * 0.75


@given(st.lists(SECONDS, min_size=1, max_size=30), clusters(), heads(), COSTS)
def test_overheads_only_lengthen(lengths, slurm, head, cost):
    jobs = [Job(str(i), seconds) for i, seconds in enumerate(lengths)]
    bare = through_head(jobs, Slurm(slurm.slots), Head(jobs=len(jobs))).seconds
    assert through_head(jobs, slurm, head).seconds >= bare - 1e-6
    runs = [Run(str(i), seconds) for i, seconds in enumerate(lengths)]
    bare = through_workers([runs], slurm.slots, Slurm(slurm.slots), Worker()).seconds
    worker = Worker(start=cost, check=cost, data=cost, last=cost)
    assert through_workers([runs], slurm.slots, slurm, worker).seconds >= bare - 1e-6


@given(grids(), clusters(), heads())
def test_jobs_run_once_after_those_they_wait_for_and_never_more_than_there_are_slots(
    jobs, slurm, head
):
    outcome = through_head(jobs, slurm, head)
    assert outcome.spans.keys() == {job.name for job in jobs}
    for job in jobs:
        begin, _ = outcome.spans[job.name]
        assert all(outcome.spans[name][1] <= begin + 1e-6 for name in job.after)
    assert most_at_once(outcome.spans.values()) <= min(slurm.slots, head.jobs)
    assert outcome.seconds >= ideal(jobs, slurm.slots) - 1e-6


@given(tuned_grids(), clusters(), st.integers(1, 20), COSTS)
def test_workers_make_each_run_once_and_what_follows_after_its_candidates(
    runs, slurm, workers, cost
):
    outcome = through_workers([runs], workers, slurm, Worker(start=cost))
    assert outcome.spans.keys() == {run.name for run in runs}
    for run in runs:
        begin, _ = outcome.spans[run.name]
        candidates = [other for other in runs if run.follows and other.candidate_of == run.follows]
        assert all(outcome.spans[other.name][1] <= begin + 1e-6 for other in candidates)
    assert most_at_once(outcome.spans.values()) <= min(slurm.slots, workers)
    assert outcome.seconds * slurm.slots >= sum(run.seconds for run in runs) - 1e-6


def test_a_second_arrays_workers_fill_the_slots_that_the_first_ones_leave():
    arrays = [[Run("long", 100)], [Run(str(i), 10) for i in range(10)]]
    outcome = through_workers(arrays, 2, Slurm(2), Worker())
    assert outcome.spans["long"] == (0, 100)
    assert outcome.seconds == 100


def test_the_ideal_is_the_longer_of_all_work_over_the_slots_and_the_longest_chain():
    chain = [Job("a", 5), Job("b", 7, ("a",))]
    assert ideal([*chain, Job("c", 1)], 4) == 12
    assert ideal([*chain, *(Job(f"d{i}", 9) for i in range(8))], 4) == 21
