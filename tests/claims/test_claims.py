"""Every claim can turn: evidence for it, against it, and noise each get the verdict they should."""

from dataclasses import replace
from itertools import cycle, islice

import pytest
from claim_cases import CASES
from claim_evidence import Made

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.claim import CELL
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.verdict import judge

CLAIMS = catalogue()
SEEDS = 6
KINDS = {"supports": "reproduced", "contradicts": "not reproduced", "noise": "inconclusive"}


def made(name: str, kind: str) -> Evidence:
    holds, fails, build = CASES[name]
    turns = {"supports": [holds], "contradicts": [fails], "noise": [holds, fails]}[kind]
    return build(list(islice(cycle(turns), SEEDS)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CLAIMS)
def test_a_verdict_follows_the_evidence(name, kind):
    assert name in CASES, "a claim comes with evidence for it and against it: tests/claim_cases.py"
    verdict = judge(name, CLAIMS[name], made(name, kind))
    assert verdict.verdict == KINDS[kind], verdict.text
    assert verdict.tested
    assert verdict.seeds == SEEDS
    assert verdict.low <= verdict.value <= verdict.high
    assert verdict.runs


def test_no_case_is_left_of_a_claim_that_is_gone():
    assert set(CASES) == set(CLAIMS)


@pytest.mark.parametrize("name", CLAIMS)
def test_without_runs_a_claim_is_inconclusive_and_says_that_it_was_not_tested(name):
    bystander = Made()
    bystander.run("gan", "pair", objective__name="minimax")
    verdict = judge(name, CLAIMS[name], bystander.evidence)
    assert (verdict.verdict, verdict.tested, verdict.value) == ("inconclusive", False, None)
    assert "not tested at this scale" in verdict.text


@pytest.mark.parametrize("name", CLAIMS)
def test_two_seeds_in_one_or_two_contexts_bear_no_verdict(name):
    evidence = made(name, "supports")
    tables = {name: getattr(evidence, name) for name in ("seeds", "evaluations", "curves")}
    few = replace(
        evidence,
        **{name: table[table["seed"] < 2] for name, table in tables.items()},
        measured=lambda name: evidence.measured(name).query("seed < 2"),
    )
    verdict = judge(name, CLAIMS[name], few)
    assert verdict.seeds == 2
    if verdict.contexts < 3:
        assert verdict.verdict == "inconclusive"
        assert "too few seeds" in verdict.because
    else:
        assert verdict.verdict == "reproduced"


@pytest.mark.parametrize("name", CLAIMS)
def test_cells_name_runs_that_are_in_the_evidence(name):
    evidence = made(name, "supports")
    cells = CLAIMS[name].effects(evidence)
    assert list(cells.columns) == list(CELL)
    assert {run for runs in cells["runs"] for run in runs} <= set(evidence.settings["run"])


@pytest.mark.parametrize("name", CLAIMS)
def test_the_order_of_runs_and_rows_does_not_matter(name):
    evidence = made(name, "noise")
    shuffled = replace(
        evidence,
        settings=evidence.settings.iloc[::-1].reset_index(drop=True),
        evaluations=evidence.evaluations.sample(frac=1, random_state=1),
        curves=evidence.curves.sample(frac=1, random_state=1),
    )
    first, second = (judge(name, CLAIMS[name], e) for e in (evidence, shuffled))
    assert first.value == pytest.approx(second.value)
    assert first.verdict == second.verdict
    assert first.runs == second.runs


def test_labels_of_methods_decide_nothing_but_configurations_do():
    evidence = made("mlp_generator", "supports")
    claim = CLAIMS["mlp_generator"]
    renamed = evidence.settings.assign(method="x", variant="y", experiment="z")
    assert judge("c", claim, replace(evidence, settings=renamed)).verdict == "reproduced"
    objective = evidence.settings["objective.name"]
    swapped = evidence.settings.assign(
        **{
            key: evidence.settings[key].to_list()[::-1]
            for key in evidence.settings
            if key.startswith(("objective.", "constraint.", "critic_optimizer.", "n_critic"))
        }
    )
    assert list(swapped["objective.name"]) == list(objective)[::-1]
    assert judge("c", claim, replace(evidence, settings=swapped)).verdict == "not reproduced"


@pytest.mark.parametrize("name", CLAIMS)
def test_another_way_of_training_is_another_method(name):
    evidence = made(name, "supports")
    unrolled = evidence.settings.assign(algorithm="unrolled")
    assert not judge(name, CLAIMS[name], replace(evidence, settings=unrolled)).tested


def test_a_diverged_replica_counts_as_a_factor_of_ten_and_two_of_a_pair_as_none():
    claim = CLAIMS["mlp_generator"]
    evidence = made("mlp_generator", "contradicts")
    gan, wgan = evidence.settings["run"]
    assert evidence.settings["objective.name"].iloc[0] == "non-saturating"

    def without(*lost: str) -> list[float]:
        keep = ~(evidence.evaluations["run"].isin(lost) & evidence.evaluations["seed"].eq(0))
        seeds = evidence.seeds.assign(
            ok=~(evidence.seeds["run"].isin(lost) & evidence.seeds["seed"].eq(0))
        )
        changed = replace(evidence, evaluations=evidence.evaluations[keep], seeds=seeds)
        return judge("c", claim, changed).value

    assert without(gan) == pytest.approx(10 ** (1 / 6), rel=1e-4)
    assert without(wgan) == pytest.approx(10 ** (-1 / 6), rel=1e-4)
    assert without(gan, wgan) == pytest.approx(1)


def test_the_same_run_in_two_experiments_is_one_context():
    made = Made()
    for experiment, iterations in (("a", 10), ("b", 10), ("c", 900)):
        run = made.run("wgan", "pair", 2, experiment, iterations=iterations)
        made.measure("weights_at_ends", run, [0.9, 0.8])
    verdict = judge("c", CLAIMS["weights_at_ends"], made.evidence)
    assert (verdict.contexts, verdict.cells, len(verdict.runs)) == (1, 2, 3)
    assert verdict.verdict == "inconclusive"


def test_every_architecture_means_more_than_one():
    claim = CLAIMS["penalty_every_architecture"]
    evidence = made("penalty_every_architecture", "contradicts")
    assert judge("c", claim, evidence).contexts == 1
    norms = evidence.settings["generator.norm"]
    one = replace(evidence, settings=evidence.settings[norms == "none"])
    assert not judge("c", claim, one).tested


def test_a_verdict_tells_number_interval_threshold_seeds_and_floor():
    verdict = judge("c", CLAIMS["mlp_generator"], made("mlp_generator", "supports"))
    assert verdict.floor == 2.0
    for part in (
        "geometric mean 4 [4, 4]", "95% interval", "at least 2", "6 seeds", "1 context;",
        "floor of the distance 2;", "the whole interval is above",
    ):  # fmt: skip
        assert part in verdict.text


def test_an_interval_over_few_seeds_says_what_it_is_worth():
    few = Made()
    few.measure("slope_left", few.run("gan", "pair", 3), [0, 0, 0])
    verdict = judge("c", CLAIMS["discriminator_saturates"], few.evidence)
    assert verdict.verdict == "reproduced"
    assert "holds the median in 75% of cases" in verdict.text


def test_statements_are_sentences_and_thresholds_have_reasons():
    for claim in CLAIMS.values():
        assert claim.statement.endswith(".")
        assert len(claim.reason) > 20
