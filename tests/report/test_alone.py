"""One run of each kind with nothing beside it: every claim is judged and every page is written."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiment_files import EXAMPLE, write
from raw_files import smooth

from wganbench.plan.keys import algorithms
from wganbench.records.claims import read_claims
from wganbench.records.run import read_record
from wganbench.report.site.files import page_files

SMALL = {"batch_size": 8, "iterations": 3, "evaluations": 2, "samples": 20}
GENERATOR = {"generator.name": "mlp", "generator.width": 8}
CRITIC = {"critic.name": "mlp", "critic.width": 8}
RECOGNISER = {"algorithm": "infogan", "recogniser_width": 8}
ENCODER = {"algorithm": "vae", "encoder.name": "mlp", "encoder.width": 8}
NO_CRITIC = {"algorithm": "sample-loss", "loss.name": "energy"}
DIVERGING = {"optimizer.name": "sgd", "optimizer.lr": 1000, "constraint.name": "none"}
PRESETS = {"InfoGAN": "gan", "unrolled": "unrolled"}
DIGITS = {"data.name": "digits", "generator.output": "tanh"}
OWN = {"data.name": "image-folder", "data.folder": "mine", "data.size": 16,
       "generator.output": "tanh"}  # fmt: skip
POINTS = {"data.name": "points", "data.file": "mine.npy", "data.dim": 3}
PAIR = {"data.name": "two-gaussians", "algorithm": "critic-only"}
OWN_PAIR = POINTS | {"data.name": "points-pair", "data.model_file": "mine.npy",
                     "algorithm": "critic-only"}  # fmt: skip

KINDS: dict[str, dict[str, Any]] = {
    "law with modes": {"data.name": "8gaussians", **GENERATOR, **CRITIC},
    "law without": {"data.name": "swissroll", **GENERATOR, **CRITIC},
    "diverged": {"data.name": "8gaussians", **GENERATOR, **CRITIC, **DIVERGING},
    "no critic": {"data.name": "8gaussians", **GENERATOR, **NO_CRITIC},
    "unrolled": {"data.name": "ring"},
    "pair": PAIR | CRITIC,
    "own points": POINTS | GENERATOR | CRITIC,
    "own points, no critic": POINTS | GENERATOR | NO_CRITIC,
    "own pair": OWN_PAIR | CRITIC,
    "digits": DIGITS | GENERATOR | CRITIC,
    "frozen critic": DIGITS | GENERATOR | CRITIC | {"algorithm": "frozen-critic"},
    "InfoGAN": DIGITS | GENERATOR | CRITIC | RECOGNISER,
    "VAE": DIGITS | GENERATOR | ENCODER,
    "own images": OWN | GENERATOR | CRITIC,
    "own images, diverged": OWN | GENERATOR | CRITIC | DIVERGING,
    "own images in classes": OWN | GENERATOR | CRITIC | {"data.labels": "folders"},
    "own images, InfoGAN": OWN | GENERATOR | CRITIC | RECOGNISER,
    "own images, VAE": OWN | GENERATOR | ENCODER,
    "own images, no critic": OWN | GENERATOR | NO_CRITIC,
}


USUAL = ("pair", "own points", "own images")


@pytest.fixture(autouse=True)
def _raw(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments").mkdir()
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    (tmp_path / "raw").mkdir()
    np.save("raw/mine.npy", np.random.default_rng(0).normal(size=(200, 3)))
    for k in range(150):
        path = Path(f"raw/mine/{'abc'[k % 3]}/{k}.png")
        path.parent.mkdir(parents=True, exist_ok=True)
        smooth(k, 16, 16).save(path)


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=() if kind in USUAL else pytest.mark.long) for kind in KINDS],
)
def test_a_run_alone_is_judged_and_reported(kind, wganbench):
    preset = next((PRESETS[name] for name in PRESETS if name in kind), "wgan")
    write(
        Path("experiments"),
        EXAMPLE
        | {"base": SMALL | KINDS[kind], "grid": [{"method": preset}]}
        | {"scales": {"smoke": {"seeds": 1}}},
    )
    code, out, err = wganbench("run", "example")
    assert code == 0, out + err
    judged = read_claims(Path("results/scales/smoke/claims.json")).claims
    # Neither is one replica enough for a verdict.
    assert {claim.verdict for claim in judged} <= {"not testable here", "inconclusive"}
    (run,) = Path("results/runs/example").iterdir()
    (seed,) = read_record(run / "run.json").seeds
    assert seed.status == ("diverged" if "diverged" in kind else "ok")
    pages = {page.name: page.read_text() for page in Path("reports").glob("*.html")}
    assert pages.keys() == set(page_files())
    assert run.name in pages["runs.html"]


def test_every_way_of_training_is_among_them():
    named = {base.get("algorithm", "adversarial") for base in KINDS.values()}
    assert algorithms().keys() <= named | {PRESETS["unrolled"]}
