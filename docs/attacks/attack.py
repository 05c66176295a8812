"""Attacks a verdict: the experiments it rests on, with a setting changed, judged by the same code.

    python docs/attacks/attack.py [PLACE ...]  # in attacks.yaml; by default those without result

Each runs in a scratch copy of the experiments; results, data and report of the project stay as they
are. What was found goes into found.json beside this file.
"""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from wganbench.claims.judging.table import interval
from wganbench.records.claims import Verdict, read_claims
from wganbench.records.layout import CLAIMS, SCALES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOUND = HERE / "found.json"
SCRATCH = ROOT / "scratch/attacks"
MADE = ("data", "results/extractors")
DECIDED = ("reproduced", "not reproduced")


def attacks() -> dict[str, dict[str, Any]]:
    """Return the attacks by number: the order of the file, which only grows."""
    listed = yaml.safe_load((HERE / "attacks.yaml").read_text(encoding="utf-8"))
    return {str(number): attack for number, attack in enumerate(listed, start=1)}


def changed(node: Any, factors: dict[str, float]) -> Any:
    """Return settings in which each value of some keys is multiplied; counts stay whole."""
    if isinstance(node, list):
        return [changed(item, factors) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: multiplied(value, factors[key]) if key in factors else changed(value, factors)
        for key, value in node.items()
    }


def multiplied(value: Any, factor: float) -> Any:
    """Return a setting's value, or each of several, times a factor."""
    if isinstance(value, list):
        return [multiplied(item, factor) for item in value]
    if isinstance(value, dict):  # what a grid's values are conditional on
        return value | {"values": multiplied(value["values"], factor)}
    return round(value * factor) if isinstance(value, int) else value * factor


def prepare(
    attack: dict[str, Any], scale: str, folder: Path, copied: tuple[str, ...] = MADE
) -> None:
    """Write a project's folder that holds the changed experiments alone, and data that are made."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "experiments").mkdir(parents=True)
    (folder / "params.yaml").write_text(f"scale: {scale}\n", encoding="utf-8")
    for name, keys in attack["experiments"].items():
        path = ROOT / f"experiments/{name}.yaml"
        experiment = yaml.safe_load(path.read_text(encoding="utf-8"))
        experiment = changed(experiment, attack.get("multiply", {}))
        at_scale = experiment["scales"][scale]
        at_scale.setdefault("overrides", []).extend(attack.get("overrides", []))
        at_scale |= keys
        file = folder / "experiments" / path.name
        file.write_text(yaml.safe_dump(experiment, sort_keys=False), encoding="utf-8")
    for made in copied:  # what is stale is made again there
        if (ROOT / made).exists():
            shutil.copytree(ROOT / made, folder / made)


@cache
def judged(path: Path) -> dict[str, Verdict]:
    """Return a file's verdicts by their claims' names."""
    return read_claims(path).by_name


class Found(NamedTuple):
    """What was said of a claim."""

    verdict: str
    value: float | None
    low: float | None
    high: float | None
    because: str

    @classmethod
    def of(cls, folder: Path, scale: str, claim: str) -> "Found":
        """Return what a project's folder says of a claim at a scale."""
        verdict = judged(folder / SCALES / scale / CLAIMS)[claim]
        return cls(*(getattr(verdict, field) for field in cls._fields))

    def __str__(self) -> str:
        return f"{self.verdict} {interval(self.value, self.low, self.high)}".strip()


def found() -> dict[str, Found]:
    """Return what attacks found, by their place in the file."""
    if not FOUND.exists():
        return {}
    kept = json.loads(FOUND.read_text(encoding="utf-8"))
    return {place: Found(**fields) for place, fields in kept.items()}


def table() -> str:
    """Return a row for each attack that has a result, in Markdown."""
    lines = [
        "| claim | changed | scale | before | after | the verdict |",
        "|---|---|---|---|---|---|",
    ]
    results = found()
    for place, attack in attacks().items():
        if place not in results:
            continue
        scale, after = attack.get("scale", "laptop"), results[place]
        before = Found.of(ROOT, scale, attack["claim"])
        claim, change = f"`{attack['claim']}`", attack["change"]
        cells = (claim, change, scale, str(before), str(after), outcome(before, after))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def outcome(before: Found, after: Found) -> str:
    """Return what became of a verdict, and why it is decided no longer."""
    if before.verdict == after.verdict:
        return "holds"
    if before.verdict in DECIDED and after.verdict in DECIDED:
        return "**turned**"
    if before.verdict in DECIDED:
        return f"is no longer decided: {after.because}"
    return "was undecided before" if after.verdict in DECIDED else f"undecided: {after.because}"


def run(place: str, attack: dict[str, Any]) -> None:
    """Train what the attack changed, judge it, and keep what was found."""
    scale, folder = attack.get("scale", "laptop"), SCRATCH / place
    prepare(attack, scale, folder)
    # Beside this Python, activated or not; one thread, as the project's jobs have.
    program = Path(sys.executable).with_name("wganbench")
    command = [program, "run", *attack["experiments"], "--scale", scale, "--no-report"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    subprocess.run(command, cwd=folder, check=True, env=environment)
    subprocess.run(
        [program, "claims", "--scale", scale], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    kept = found() | {place: Found.of(folder, scale, attack["claim"])}
    content = {key: kept[key]._asdict() for key in sorted(kept, key=int)}
    FOUND.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(folder)


def main(*numbers: str) -> None:
    """Run the attacks that are named, or those that have no result."""
    known, done = attacks(), found()
    for place in numbers or [n for n in known if n not in done]:
        run(place, known[place])


if __name__ == "__main__":
    main(*sys.argv[1:])
