"""Train small runs in processes that are killed at random, and compare what comes out.

Run as a script, so that it can fork: torch is imported once. Arguments: a folder, and how many
kills there are to be at least. Prints what happened as JSON.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import torch
from training_cases import ALL

from wganbench import files
from wganbench.data.store import write_data
from wganbench.plan.runs import Run
from wganbench.records import networks, samples
from wganbench.training import state
from wganbench.training.train import train_run

COMPARED = ("curves.parquet", "samples.npz", "networks.safetensors")
SEEDS = ((7, 1), (3,))
KILLS_EACH = 3


def main(folder: Path, wanted: int) -> None:
    """Kill until there were enough, a new configuration each time round.

    A quarter of as many have to hit a file that is being written, and a checkpoint that is there.
    """
    torch.set_num_threads(1)
    chance = random.Random(0)
    told = {"kills": 0, "kills while writing": 0, "went on from a checkpoint": 0, "different": []}
    cases = list(ALL)
    chance.shuffle(cases)
    turn = 0
    rare = ("kills while writing", "went on from a checkpoint")
    while told["kills"] < wanted or (
        min(told[what] for what in rare) < wanted // 4 and told["kills"] < 5 * wanted
    ):
        case, seeds = cases[turn % len(cases)], SEEDS[turn // len(cases) % len(SEEDS)]
        _torment(case, seeds, folder / str(turn), chance, told)
        turn += 1
    told["runs"] = turn
    sys.stdout.write(json.dumps(told))


def _torment(case: str, seeds: tuple[int, ...], folder: Path, chance: random.Random, told) -> None:
    config = ALL[case]
    run = Run(experiment="killed", scale="smoke", seeds=seeds, point={}, configuration=config)
    write_data(config.data, folder / "data")

    def training(name: str) -> Callable[[], None]:
        return lambda: train_run(
            run, folder / name, data=folder / "data", checkpoints=folder / "kept", every=0
        )

    started = time.perf_counter()
    assert _waited(_started(training("whole"), folder)) == 0
    seconds = time.perf_counter() - started
    for kill in range(KILLS_EACH):
        if kill % 2:
            # Dies while a file is being written, half of it on disk.
            child = _started(lambda: _dying(chance.randrange(1, 12), training("killed")), folder)
            ended = _waited(child)
        else:
            child = _started(training("killed"), folder)
            time.sleep(chance.uniform(0, seconds))
            os.kill(child, signal.SIGKILL)
            ended = _waited(child)
        if ended == -signal.SIGKILL:
            told["kills"] += 1
            told["kills while writing"] += kill % 2
    assert _waited(_started(training("killed"), folder)) == 0
    record = json.loads((folder / "killed/run.json").read_text())
    told["went on from a checkpoint"] += len(record["timings"]["resumed_at"])
    told["different"] += [
        f"{case}: {file}"
        for file in COMPARED
        if (folder / "whole" / file).read_bytes() != (folder / "killed" / file).read_bytes()
    ]


def _started(work: Callable[[], None], folder: Path) -> int:
    """Do something in a process of its own and return its number."""
    child = os.fork()
    if child:
        return child
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        work()
    except BaseException as error:
        sys.stderr.write(repr(error))
        os._exit(1)
    os._exit(0)


def _waited(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _dying(at: int, work: Callable[[], None]) -> None:
    """Do something that ends with its so-manyth file half written."""
    written = files.written_atomically
    left = [at]

    @contextmanager
    def half_written(path: Path):
        with written(path) as temporary:
            yield temporary
            left[0] -= 1
            if not left[0]:
                os.truncate(temporary, temporary.stat().st_size // 2)
                os.kill(os.getpid(), signal.SIGKILL)

    for module in (state, samples, networks):
        module.written_atomically = half_written
    work()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
