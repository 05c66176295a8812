"""What Snakemake's own process takes for the workflow's jobs on a Slurm that does them at once.

    python benchmarks/head_at_scale.py RUNS [--jobs JOBS]

The rules and the plug-in are the real ones. In place of sbatch and squeue stand programs that touch
a job's products, so that all that is timed is the head process. RUNS is a multiple of 8.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from math import prod
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import psutil
import typer
import yaml
from bench_planning import EXPERIMENT, GRID, ROOT

from wganbench.records.layout import TRAINED

CHECK_SECONDS = 2
KINDS = ("method", "data.name")  # few, as the operations of each kind of training are counted
SBATCH = """#!/bin/sh
job=$(expr "$*" : ".*--target-jobs '*\\([a-z]*:[a-z]*=[A-Za-z0-9./_-]*\\)")
rule=${job%%:*} subject=${job#*=}
case $rule in
  data) mkdir -p data && touch data/$subject.npz data/$subject.json ;;
  train) mkdir -p results/runs/$subject && cd results/runs/$subject && touch {trained} ;;
  *) touch results/runs/$subject/$rule.parquet ;;
esac
number=$(date +%s%N)
echo "$number|COMPLETED" >> {folder}/done
echo $number
"""
PROGRAMS = {
    "sbatch": SBATCH,
    "squeue": "#!/bin/sh\ncat {folder}/done\n",
    "scontrol": "#!/bin/sh\necho 'MinJobAge = 3600 sec'\n",
    "sinfo": "#!/bin/sh\n",
}


def main(runs: int, jobs: int = 100) -> None:
    """Do so many runs' jobs, so many in the queue at once, and print the process's CPU seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder, runs)
        command = [sys.executable, "-m", "snakemake", "--cores", "8", "--profile", "slurm"]
        head = psutil.Popen(
            [*command, "--jobs", str(jobs), "runs"], cwd=folder,
            stdout=subprocess.DEVNULL, stderr=(folder / "said").open("w"),
            env=os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"},
        )  # fmt: skip
        began, done, cpu, plan = time.time(), folder / "done", 0.0, 0.0
        while head.poll() is None:
            with contextlib.suppress(psutil.Error):
                cpu = sum(head.cpu_times()[:2])
            plan = plan if done.exists() else cpu
            time.sleep(0.1)
        if head.returncode:
            raise SystemExit((folder / "said").read_text()[-2000:])
        wall, submitted = time.time() - began, len(done.read_text().splitlines())
        typer.echo(
            f"{runs} runs, {submitted} jobs, {jobs} at once: {wall:.0f} s, {cpu:.0f} s of CPU, of "
            f"which {plan:.1f} s until the first is submitted, and then "
            f"{1000 * (cpu - plan) / submitted:.1f} ms a job"
        )
        run = next(folder.glob("results/runs/*/*")).relative_to(folder / "results/runs")
        before = getrusage(RUSAGE_CHILDREN).ru_utime
        subprocess.run(
            [*command[:3], "--dry-run", "--quiet", "all", "--nolock", "--allowed-rules", "train",
             "--force", f"results/runs/{run}/run.json"], cwd=folder, check=True,
        )  # fmt: skip
        typer.echo(
            f"a job's Snakemake: {getrusage(RUSAGE_CHILDREN).ru_utime - before:.1f} s of CPU"
        )


def _write(folder: Path, runs: int) -> None:
    """Write a project of so many runs, and the programs that are called in it."""
    for name in ("Snakefile", "pipelines", "profiles", "slurm"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    profile = folder / "slurm/config.yaml"
    settings = yaml.safe_load(profile.read_text())
    settings["slurm-init-seconds-before-status-checks"] = CHECK_SECONDS
    profile.write_text(yaml.safe_dump(settings))
    grid = {name: GRID[name] for name in KINDS}
    rates = runs // prod(len(values) for values in grid.values())
    grid["optimizer.lr"] = [k / 1_000_000 for k in range(1, rates + 1)]
    (folder / "experiments").mkdir()
    (folder / "experiments/wide.yaml").write_text(json.dumps(EXPERIMENT | {"grid": [grid]}))
    (folder / "params.yaml").write_text("scale: smoke\n")
    (folder / "bin").mkdir()
    for name, text in PROGRAMS.items():
        content = text.replace("{folder}", str(folder)).replace("{trained}", " ".join(TRAINED))
        (folder / "bin" / name).write_text(content)
        (folder / "bin" / name).chmod(0o755)


if __name__ == "__main__":
    typer.run(main)
