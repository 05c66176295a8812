"""Small experiment files for tests that plan."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from wganbench.errors import UserError
from wganbench.plan.runs import Run, plan

EXAMPLE: dict[str, Any] = {
    "title": "An example",
    "source": "none",
    "question": "Does it plan?",
    "base": {
        "data.name": "8gaussians",
        "generator.name": "mlp",
        "critic.name": "mlp",
        "iterations": 100,
    },
    "grid": [{"method": ["gan", "wgan", "wgan-gp"]}],
    "scales": {"smoke": {"seeds": 2}},
}


def example(**changes: Any) -> dict[str, Any]:
    """Return the example with some of its keys replaced; `base` is added to, not replaced."""
    content = deepcopy(EXAMPLE)
    content["base"] |= changes.pop("base", {})
    return content | changes


def write(folder: Path, content: Any, name: str = "example") -> Path:
    """Write an experiment file; JSON is YAML."""
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def planned(folder: Path, content: dict[str, Any], scale: Any = "smoke") -> list[Run]:
    """Return the runs that a file with this content asks for."""
    write(folder, content)
    return plan(scale, ["example"], folder)["example"]


def mistake_in(call: Callable[..., Any], *arguments: Any) -> str:
    """Return the message of the mistake, which is one printable line."""
    with pytest.raises(UserError) as raised:
        call(*arguments)
    message = str(raised.value)
    assert message.isprintable()
    return message


SMALL = {"generator.width": 8, "critic.width": 8, "iterations": 3, "evaluations": 2, "samples": 20}
TRIED = {"axes": {"optimizer.lr": [1e-4, 1e-2]}, "when": {"method": "wgan"}}
TUNED = example(
    base=SMALL,
    grid=[{"method": ["wgan", "wgan-gp"]}],
    scales={"smoke": {"seeds": 3, "tuned": {"seeds": 2, "settings": [TRIED]}}},
)


def tuned_project(folder: Path) -> Path:
    """Make a project's folder with one experiment, `rates`, in which WGAN is tuned; return it."""
    (folder / "experiments").mkdir()
    write(folder / "experiments", TUNED, "rates")
    (folder / "params.yaml").write_text("scale: smoke\n")
    return folder
