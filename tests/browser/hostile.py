"""A project whose results hold what would be code if the report let it."""

import json
import shutil
from pathlib import Path

import yaml

HOSTILE = "<!--<script>alert(1)</script><img src=x onerror=alert(1)>'\"</script></pre>{{ 7 * 7 }}"
EXPERIMENT = "toy-grid"


def poisoned(project: Path, folder: Path) -> Path:
    """Return a copy of a finished project with hostile text wherever a project holds free text."""
    ignored = shutil.ignore_patterns(".snakemake", "scratch", "reports")
    shutil.copytree(project, folder, ignore=ignored)
    _poison_experiment(folder / "experiments" / f"{EXPERIMENT}.yaml")
    run = poisoned_run(folder)
    _poison_record(folder / "results/runs" / run / "run.json")
    with (folder / f"logs/train/{run}.log").open("a") as log:
        log.write(f"\n{HOSTILE}\n")
    return folder


def poisoned_run(folder: Path) -> str:
    """Return the id of the run whose record and log are hostile."""
    first = min((folder / "results/runs" / EXPERIMENT).iterdir())
    return f"{EXPERIMENT}/{first.name}"


def _poison_experiment(path: Path) -> None:
    content = yaml.safe_load(path.read_text())
    texts = dict.fromkeys(("title", "source", "question", "notes"), HOSTILE)
    path.write_text(json.dumps(content | texts))


def _poison_record(path: Path) -> None:
    record = json.loads(path.read_text())
    made = record["provenance"]
    made |= {"device_name": HOSTILE, "git_commit": HOSTILE, "platform": HOSTILE}
    made["packages"] = {HOSTILE: HOSTILE}
    path.write_text(json.dumps(record))
