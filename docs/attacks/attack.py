"""Attacks a verdict: the experiments it rests on, with a setting changed, judged by the same code.

    python docs/attacks/attack.py [NUMBER ...]      # of attacks.yaml, by default those without result
    python docs/attacks/attack.py --table           # writes docs/attacks.md from what was found

Each runs in a scratch copy of the experiments; results, data and report of the project stay as they
are. What was found goes into found.json beside this file.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOUND = HERE / "found.json"
SCRATCH = ROOT / "scratch/attacks"
KEPT = ("verdict", "value", "low", "high", "because")


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
    if isinstance(value, list):
        return [multiplied(item, factor) for item in value]
    if isinstance(value, dict):  # what a grid's values are conditional on
        return value | {"values": multiplied(value["values"], factor)}
    return round(value * factor) if isinstance(value, int) else value * factor


def prepare(attack: dict[str, Any], scale: str, folder: Path) -> None:
    """Write a project's folder that holds the changed experiments alone."""
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
    for made in ("data", "results/extractors"):
        (folder / made).parent.mkdir(exist_ok=True)
        (folder / made).symlink_to(ROOT / made)


def verdict_of(folder: Path, scale: str, claim: str) -> dict[str, Any]:
    text = (folder / f"results/scales/{scale}/claims.json").read_text(encoding="utf-8")
    (verdict,) = [one for one in json.loads(text)["claims"] if one["name"] == claim]
    return {key: verdict[key] for key in KEPT}


def run(number: str, attack: dict[str, Any]) -> None:
    """Train what the attack changed, judge it, and keep what was found."""
    scale, folder = attack.get("scale", "laptop"), SCRATCH / number
    prepare(attack, scale, folder)
    # Beside this Python, activated or not; one thread, as the project's jobs have.
    program = Path(sys.executable).with_name("wganbench")
    command = [program, "run", *attack["experiments"], "--scale", scale, "--no-report"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    subprocess.run(command, cwd=folder, check=True, env=environment)
    subprocess.run(
        [program, "claims", "--scale", scale], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    found = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else {}
    found[number] = verdict_of(folder, scale, attack["claim"])
    FOUND.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(folder)


def main(*words: str) -> None:
    """Run the attacks that are named, or write the table."""
    known = attacks()
    done = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else {}
    for number in words or [n for n in known if n not in done]:
        run(number, known[number])


if __name__ == "__main__":
    main(*sys.argv[1:])
