"""What would be code if a page let it, wherever a project holds free text."""

import json
import os
from pathlib import Path

import yaml

HOSTILE = (
    "<!--<script>alert(1)</script><img src=x onerror=alert(1)>'\"</script></pre>{{ 7 * 7 }} & $x^2$"
)
EXPERIMENT = "toy-grid"


def poison_experiment(folder: Path) -> None:
    """Put hostile text into an experiment of the project."""
    path = folder / "experiments" / f"{EXPERIMENT}.yaml"
    content = yaml.safe_load(path.read_text())
    texts = dict.fromkeys(("title", "source", "question", "notes"), HOSTILE)
    path.write_text(json.dumps(content | texts))


def poison_run(folder: Path) -> None:
    """Put hostile text into a run's record and log, which are as old afterwards as before."""
    run = poisoned_run(folder)
    log = folder / f"logs/train/{run}.log"
    _rewrite(log, f"{log.read_text()}\n{HOSTILE}\n")
    path = folder / "results/runs" / run / "run.json"
    record = json.loads(path.read_text())
    made = record["provenance"]
    made |= {"device_name": HOSTILE, "git_commit": HOSTILE, "platform": HOSTILE}
    made["packages"] = {HOSTILE: HOSTILE}
    _rewrite(path, json.dumps(record))


def poisoned_run(folder: Path) -> str:
    """Return the id of the run whose record and log are hostile."""
    first = min((folder / "results/runs" / EXPERIMENT).iterdir())
    return f"{EXPERIMENT}/{first.name}"


def _rewrite(path: Path, text: str) -> None:
    times = path.stat()
    path.write_text(text)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
