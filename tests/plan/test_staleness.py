"""Which products become stale when which code changes; and what planning imports."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from conftest import ROOT
from package_copy import Copy, Digests, changed, laptop

from wganbench.plan.configuration import Configuration

PLANNED = """
import json
from wganbench.plan.params import load_params
from wganbench.plan.steps import TRAIN
runs = {run.id: run.configuration for run in load_params("laptop").all_runs()}
print(json.dumps({run: [c.resolved(), TRAIN.code(c)] for run, c in runs.items()}))
"""
ONE_SIDED = '''
from typing import Literal
from wganbench.constraints.gradient_penalty import GradientPenalty


class OneSided(GradientPenalty):
    """Punishes norms above one only."""

    name: Literal["one-sided"] = "one-sided"
    margin: float = 0.0
'''


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Digests:
    return Copy(tmp_path_factory.mktemp("original")).digests()


def names(part: str, *named: str) -> Callable[[Configuration], bool]:
    return lambda c: c.get(f"{part}.name") in named


def either_net(*named: str) -> Callable[[Configuration], bool]:
    return lambda c: names("generator", *named)(c) or names("critic", *named)(c)


def an_optimizer(*named: str) -> Callable[[Configuration], bool]:
    return lambda c: any(names(f"{p}_optimizer", *named)(c) for p in ("generator", "critic"))


def always(c: Configuration) -> bool:
    return True


def never(c: Configuration) -> bool:
    return False


TRAINING = {
    "constraints/clip.py": names("constraint", "clip"),
    "constraints/gradient_penalty.py": names("constraint", "gradient-penalty", "one-sided-penalty"),
    "constraints/one_sided_penalty.py": names("constraint", "one-sided-penalty"),
    "objectives/gan.py": names("objective", "minimax", "non-saturating"),
    "optimizers/rmsprop.py": an_optimizer("rmsprop"),
    "algorithms/critic_only.py": names("algorithm", "critic-only"),
    "algorithms/adversarial.py": names("algorithm", "adversarial"),
    "algorithms/with_critic.py": always,
    "nets/dcgan.py": either_net("dcgan"),
    "nets/gp_dcgan.py": either_net("gp-dcgan"),
    "nets/images.py": either_net("dcgan", "gp-dcgan", "resnet", "deep-resnet"),
    "nets/layers/linear.py": either_net("mlp", "tanh-mlp", "gp-dcgan", "resnet", "deep-resnet"),
    "nets/layers/gradients.py": always,
    "training/game.py": always,
    "training/loop.py": always,
    "data/swiss_roll.py": names("data", "swissroll", "noisy-law"),
    "data/known/funnels.py": names("data", "funnels"),
    "plan/grid.py": never,
    "plan/configuration.py": never,
    "report/site/write.py": never,
    "claims/__init__.py": never,
    "cli.py": never,
}


@pytest.mark.parametrize("module", TRAINING)
def test_a_changed_module_changes_exactly_the_runs_that_use_it(copy, original, module):
    copy.append(module)
    after = copy.digests()
    using = {run.id for run in laptop() if TRAINING[module](run.configuration)}
    assert changed(original, after, "train") == using
    assert changed(original, after, "data") == (using if module.startswith("data/") else set())


def test_an_empty_new_file_changes_nothing(copy, original):
    for folder in ("nets/layers", "nets", "training", "objectives", "constraints", "data",
                   "algorithms", "transport", "fidelity", "gather"):  # fmt: skip
        (copy.package / folder / "brand_new.py").write_text("")
    assert copy.digests() == original


def test_a_new_file_is_a_new_constraint_and_changes_no_other_run(copy):
    before = copy.run(PLANNED)
    (copy.package / "constraints/one_sided.py").write_text(ONE_SIDED)
    (copy.package / "constraints/.one_sided.py.swp").write_text("an editor's")
    assert copy.run(PLANNED) == before
    path = copy.folder / "experiments/toy-grid.yaml"
    path.write_text(
        path.read_text().replace(
            "grid:\n",
            "grid:\n  - {method: wgan, data.name: swissroll, constraint.name: one-sided}\n",
        )
    )
    with_it = copy.run(PLANNED)
    (new,) = with_it.keys() - before.keys()
    assert with_it[new][0]["constraint"] == {
        "name": "one-sided", "penalty_weight": 10.0, "margin": 0.0,
        "points": "interpolates", "norm_over": "sample",
    }  # fmt: skip
    assert {run: with_it[run] for run in before} == before
    # It derives from the gradient penalty, so that one's code is its code too.
    copy.append("constraints/gradient_penalty.py")
    assert copy.run(PLANNED)[new][1] != with_it[new][1]


def test_a_measurements_digest_follows_its_code_and_its_law_and_no_litter(copy, original):
    (copy.package / "transport/__pycache__").mkdir()
    (copy.package / "transport/__pycache__/x.pyc").write_text("compiled")
    (copy.package / "transport/.hidden").write_text("hidden")
    assert copy.digests() == original
    copy.append("data/swiss_roll.py")
    rolls = {
        run.id for run in laptop() if names("data", "swissroll", "noisy-law")(run.configuration)
    }
    of_the_law = copy.digests()
    for product in ("transport", "fidelity"):
        assert changed(original, of_the_law, product) == rolls
    copy.append("transport/exact.py")
    after = copy.digests()
    assert changed(of_the_law, after, "transport") == original.keys()
    assert changed(of_the_law, after, "fidelity") == changed(of_the_law, after, "train") == set()
    copy.append("fidelity/measure.py")
    assert changed(after, copy.digests(), "fidelity") == original.keys()


@pytest.mark.parametrize(
    ("module", "makes_stale"),
    [
        ("claims/weights_at_ends.py", {"claims"}),
        ("claims/judging/verdict.py", {"claims"}),
        ("claims/judging/table.py", {"report"}),
        ("transport/potentials.py", {"claims"}),
        ("gather/load.py", {"claims", "report", "summary"}),
        ("report/site/pages.py", {"report"}),
        ("report/figures/curves.py", {"report"}),
        ("report/tables/summary.py", {"summary"}),
    ],
)
def test_what_sums_up_judges_and_reports_goes_stale_apart(copy, original, module, makes_stale):
    before = copy.of_all()
    copy.append(module)
    after = copy.of_all()
    assert {name for name in before if before[name] != after[name]} == makes_stale
    assert copy.digests() == original  # no run goes stale by it


HEAVY = {"torch", "torchvision", "lmdb", "PIL", "torch_fidelity", "sklearn", "pandas",
         "scipy", "ot", "pyarrow", "seaborn", "matplotlib", "jaxtyping", "snakemake",
         "dvc"}  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [["plan"], ["plan", "--json", "--scale", "paper"], ["--help"]]
)
def test_planning_imports_nothing_heavy(arguments):
    code = (
        "import sys\nfrom wganbench.cli import main\n"
        f"sys.argv = ['wganbench', *{arguments!r}]\n"
        "try:\n    main()\nfinally:\n    print('|', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    modules = set(done.stdout.rpartition("|")[2].split())
    assert "wganbench.cli" in modules
    assert not modules & HEAVY
