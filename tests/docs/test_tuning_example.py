"""docs/extending.md: the example of `tuned` is a part of an experiment that is there."""

import re

import yaml
from conftest import ROOT

from wganbench.plan.experiment import Experiment
from wganbench.plan.runs import runs_of
from wganbench.plan.yaml_files import read_mapping

PAGE = (ROOT / "docs/extending.md").read_text()
[EXAMPLE] = re.findall(r"^```yaml\n(tuned:.*?)```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_example_gives_each_method_three_settings_and_leaves_two_seeds_for_verdicts():
    content = read_mapping(ROOT / "experiments/toy-grid.yaml")
    content["scales"]["laptop"] |= {"seeds": 4} | yaml.safe_load(EXAMPLE)
    runs = runs_of(Experiment.model_validate(content, strict=True), "toy-grid", "laptop")
    tuned = [run for run in runs if run.tuned]
    rates = {
        method: {
            run.configuration.get("critic_optimizer.lr")
            for run in tuned
            if run.configuration.method == method
        }
        for method in ("gan", "wgan", "wgan-gp")
    }
    adams = {2e-4, 1e-3, 5e-3}
    assert rates == {"gan": adams, "wgan": {5e-5, 2.5e-4, 1.25e-3}, "wgan-gp": adams}
    assert {(run.candidate, run.seeds) for run in tuned} == {(True, (0, 1)), (False, (2, 3))}
    clips = {r.point["constraint.clip_value"] for r in runs if r.configuration.method == "wgan"}
    assert clips == {0.001, 0.01, 0.05, 0.1}
    assert {r.point.get("constraint.clip_value") for r in tuned} == {None, 0.01, 0.05}
