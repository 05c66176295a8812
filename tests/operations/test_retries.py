"""What an attempt asks for follows from how the last one ended."""

import pytest

from wganbench.operations.retries import times_memory, times_minutes

PROGRESS = "e/r: iteration 10/100\n"


@pytest.mark.parametrize(
    ("log", "times"),
    [
        (PROGRESS, 2),  # killed without a word, as for its memory
        ("", 2),
        (None, 2),
        (PROGRESS + "Traceback (most recent call last):\nMemoryError\n", 2),
        (PROGRESS + "wganbench: SIGTERM: stopped after iteration 10 of 100\n", 1),
        (PROGRESS + "wganbench: data/x.npz: is damaged\n", 1),
        (PROGRESS * 500 + "wganbench: SIGTERM: stopped after iteration 10 of 100\n", 1),
    ],
)
def test_a_training_asks_for_more_memory_after_a_sudden_end_alone(tmp_path, log, times):
    path = tmp_path / "train.log"
    if log is not None:
        path.write_text(log)
    assert times_memory(2, path) == times
    assert times_memory(1, path) == 1  # an old log says nothing of a first attempt


def test_other_jobs_ask_for_more_at_each_attempt_up_to_three_times():
    assert [times_memory(n) for n in range(1, 7)] == [1, 2, 3, 3, 3, 3]
    assert [times_minutes(n, resumes=False) for n in range(1, 7)] == [1, 2, 3, 3, 3, 3]


def test_what_goes_on_needs_no_more_minutes():
    assert [times_minutes(n, resumes=True) for n in range(1, 7)] == [1] * 6
