"""Every claim can turn: evidence for it, against it, and noise each get the verdict they should."""

from dataclasses import replace
from itertools import cycle, islice, product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from claim_cases import CASES
from claim_evidence import Made, text_of

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.claim import CELL
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.verdict import judge, judge_all
from wganbench.records.claims import LOST, Verdict

CLAIMS = catalogue()
SEEDS = 6
KINDS = {"supports": "reproduced", "contradicts": "not reproduced", "noise": "inconclusive"}
REPRODUCED = {name: SimpleNamespace(verdict="reproduced") for name in CLAIMS}


def made(name: str, kind: str, seeds: int = SEEDS) -> Evidence:
    holds, fails, build = CASES[name]
    turns = {"supports": [holds], "contradicts": [fails], "noise": [holds, fails]}[kind]
    return build(list(islice(cycle(turns), seeds)))


def judged(name: str, evidence: Evidence) -> Verdict:
    """Judge a claim where all that it leans on is reproduced."""
    return judge(name, CLAIMS[name], evidence, REPRODUCED)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CLAIMS)
def test_a_verdict_follows_the_evidence(name, kind):
    assert name in CASES, "a claim comes with evidence for it and against it: tests/claim_cases/"
    verdict = judged(name, made(name, kind))
    assert verdict.verdict == KINDS[kind], text_of(verdict)
    assert verdict.seeds == SEEDS
    assert verdict.low <= verdict.value <= verdict.high
    assert verdict.runs
    assert [step.share for step in verdict.course] == [0.25, 0.5, 0.75, 1.0]


def test_no_case_is_left_of_a_claim_that_is_gone():
    assert set(CASES) == set(CLAIMS)


@pytest.mark.parametrize("name", CLAIMS)
def test_without_runs_a_claim_is_not_testable(name):
    bystander = Made()
    bystander.run("gan", "pair", objective__name="lsgan")
    verdict = judged(name, bystander.evidence)
    assert (verdict.verdict, verdict.value) == ("not testable here", None)
    assert "no run bears on it" in verdict.because


@pytest.mark.parametrize("name", CLAIMS)
def test_two_seeds_bear_no_verdict(name):
    """Nor do two of what is drawn in place of seeds."""
    evidence = made(name, "supports", 2 if CLAIMS[name].share_of else SEEDS)
    tables = {name: getattr(evidence, name) for name in ("seeds", "evaluations", "curves")}
    few = replace(
        evidence,
        **{name: table[table["seed"] < 2] for name, table in tables.items()},
        measured=lambda name: evidence.measured(name).query("seed < 2"),
    )
    verdict = judged(name, few)
    assert (verdict.seeds, verdict.verdict) == (2, "inconclusive")
    assert f"too few {CLAIMS[name].share_of or 'seed'}s" in verdict.because


@pytest.mark.parametrize("name", CLAIMS)
def test_what_half_the_budget_did_not_say_is_not_settled(name):
    """The evidence turns from contradicting to supporting in the last quarter."""
    holds, before = made(name, "supports"), made(name, "contradicts")
    last = holds.iterations

    def turned(now, then):
        late = now["iteration"] > 0.75 * now["run"].map(last)
        earlier = then["iteration"] <= 0.75 * then["run"].map(last)
        parts = [then[earlier], now[late]]
        return pd.concat([part for part in parts if len(part)] or parts[:1])

    evidence = replace(
        holds,
        evaluations=turned(holds.evaluations, before.evaluations),
        curves=turned(holds.curves, before.curves),
        measured=lambda name: turned(holds.measured(name), before.measured(name)),
    )
    verdict = judged(name, evidence)
    at_end = verdict.course[-1].verdict
    if at_end == "reproduced":  # a rank or a time over the whole training need not have turned
        assert verdict.verdict == "not settled"
        assert "at half the budget" in verdict.because
    assert verdict.verdict != "reproduced"


@pytest.mark.parametrize("name", CLAIMS)
def test_a_closed_gate_says_which_and_with_what_number(name):
    """Runs whose critics are dead or small, whose samples are far off, and nothing measured."""
    evidence = made(name, "supports")
    spoilt = evidence.evaluations.assign(gradient_norm_max=1e-6, estimate_heldout=0.0)
    for column in {"fid", "w1"} & set(spoilt):
        spoilt[column] = 5000.0 - spoilt["iteration"]
    once = spoilt.groupby(["run", "seed"]).tail(4)
    small = evidence.settings.assign(**{"critic.width": 4})
    gone = replace(
        evidence,
        evaluations=once,
        settings=small,
        measured=lambda name: evidence.measured(name).assign(value=0.0),
    )
    verdict = judged(name, gone)
    if CLAIMS[name].gates:
        assert verdict.verdict == "not testable here"
        closed = [gate for gate in verdict.gates if gate.passed < gate.contexts]
        assert closed or "no run bears" in verdict.because


def test_nothing_is_judged_by_an_experiment_that_lacks_runs():
    evidence = made("mlp_generator", "supports")
    (experiment,) = set(evidence.settings["experiment"])
    verdict = judged("mlp_generator", replace(evidence, unfinished={experiment: 0.75}))
    assert verdict.verdict == "not testable here"
    assert verdict.because.startswith("whole: share of its experiment's runs that are done is 0.75")
    others = judged("mlp_generator", replace(evidence, unfinished={"another": 0.5}))
    assert others.verdict == "reproduced"


COMPARISONS = [
    name for name, claim in CLAIMS.items() if "fair" in {gate.name for gate in claim.gates}
]


@pytest.mark.parametrize("name", COMPARISONS)
def test_methods_at_one_learning_rate_each_are_not_compared(name):
    """One of them may be at a tenth of its best rate: nothing would show it."""
    evidence = made(name, "supports")
    untuned = replace(evidence, tuned=evidence.tuned.iloc[:0])
    verdict = judged(name, untuned)
    assert verdict.verdict == "not testable here"
    assert verdict.because.startswith("fair: number of settings that a run was chosen from is 1")


@pytest.mark.parametrize("name", COMPARISONS)
def test_the_papers_own_settings_are_compared_as_they_are(name):
    evidence = made(name, "supports")
    settings = evidence.settings.assign(scale="paper")
    untuned = replace(evidence, tuned=evidence.tuned.iloc[:0], settings=settings)
    assert judged(name, untuned).verdict == "reproduced"


def test_one_label_for_images_without_content_is_no_collapse():
    evidence = made("mlp_generator_collapse", "supports")
    gan = evidence.settings.set_index("run")["objective.name"].eq("non-saturating")
    garbage = evidence.evaluations["run"].map(gan)
    assert garbage.any()
    fid = evidence.evaluations["fid"].mask(garbage, 58.0)  # nearest are black images: 50
    verdict = judged(
        "mlp_generator_collapse",
        replace(evidence, evaluations=evidence.evaluations.assign(fid=fid)),
    )
    assert verdict.verdict == "not testable here"
    assert verdict.because.startswith("recognisable: FID at the end over that of noise, black")


def test_where_papers_compare_methods_the_comparison_must_be_fair():
    assert set(COMPARISONS) == {
        "no_batch_norm", "mlp_generator", "mlp_generator_collapse", "momentum_unstable",
        "penalty_beats_clipping", "penalty_faster", "critic_steps_help",
        "no_default", "fgan_single_step", "fgan_divergence_distance", "fgan_divergence_modes",
        "clipping_alone", "linear_loss_alone", "every_change_needed",
        "average_is_wgan", "blend_beats_both", "exact_ot_trains", "exact_ot_batch_bias",
        "energy_less_biased", "vae_covers", "critic_ensemble",
    }  # fmt: skip


@pytest.mark.parametrize("name", [name for name, claim in CLAIMS.items() if claim.leans_on])
def test_a_claim_says_nothing_where_its_control_does_not_hold(name):
    failed = SimpleNamespace(verdict="not reproduced")
    controls = dict.fromkeys(CLAIMS[name].leans_on, failed)
    verdict = judge(name, CLAIMS[name], made(name, "supports"), controls)
    assert verdict.verdict == "not testable here"
    assert CLAIMS[name].leans_on[0] in verdict.because


@pytest.mark.parametrize("name", CLAIMS)
def test_each_gate_asks_some_run_of_the_claim(name):
    evidence = made(name, "supports")
    known = set(evidence.settings["run"])
    asked = [set(evidence.runs(gate.where)["run"]) & known for gate in CLAIMS[name].gates]
    assert all(asked), [gate.name for gate, runs in zip(CLAIMS[name].gates, asked, strict=True)]


@pytest.mark.parametrize("name", CLAIMS)
def test_cells_name_runs_that_are_in_the_evidence(name):
    evidence = made(name, "supports")
    cells = CLAIMS[name].effects(evidence)
    assert list(cells.columns) == list(CELL)
    assert {run for runs in cells["runs"] for run in runs} <= set(evidence.settings["run"])


@pytest.mark.long
@pytest.mark.parametrize("name", CLAIMS)
def test_the_order_of_runs_and_rows_does_not_matter(name):
    evidence = made(name, "noise")
    shuffled = replace(
        evidence,
        settings=evidence.settings.iloc[::-1].reset_index(drop=True),
        evaluations=evidence.evaluations.sample(frac=1, random_state=1),
        curves=evidence.curves.sample(frac=1, random_state=1),
    )
    first, second = (judged(name, e) for e in (evidence, shuffled))
    assert first.value == pytest.approx(second.value)
    assert first.verdict == second.verdict
    assert first.runs == second.runs


def test_labels_of_methods_decide_nothing_but_configurations_do():
    evidence = made("mlp_generator", "supports")
    renamed = evidence.settings.assign(method="x", variant="y", experiment="z")
    assert judged("mlp_generator", replace(evidence, settings=renamed)).verdict == "reproduced"
    objective = evidence.settings["objective.name"]
    swapped = evidence.settings.assign(
        **{
            key: evidence.settings[key].to_list()[::-1]
            for key in evidence.settings
            if key.startswith(("objective.", "constraint.", "critic_optimizer.", "n_critic"))
        }
    )
    assert list(swapped["objective.name"]) == list(objective)[::-1]
    exchanged = judged("mlp_generator", replace(evidence, settings=swapped))
    assert exchanged.verdict == "not testable here"
    assert exchanged.because.startswith("trained")


@pytest.mark.parametrize("name", CLAIMS)
def test_another_way_of_training_is_another_method(name):
    evidence = made(name, "supports")
    unknown = evidence.settings.assign(algorithm="unknown")
    verdict = judged(name, replace(evidence, settings=unknown))
    assert verdict.verdict == "not testable here"


def test_of_a_diverged_replica_only_the_rank_counts():
    evidence = made("penalty_beats_clipping", "supports")
    wgan, gp = evidence.settings["run"]

    def without(*lost: str) -> Verdict:
        keep = ~(evidence.evaluations["run"].isin(lost) & evidence.evaluations["seed"].eq(0))
        seeds = evidence.seeds.assign(
            ok=~(evidence.seeds["run"].isin(lost) & evidence.seeds["seed"].eq(0))
        )
        changed = replace(evidence, evaluations=evidence.evaluations[keep], seeds=seeds)
        return judged("penalty_beats_clipping", changed)

    assert (without(wgan).value, without(wgan).high) == (pytest.approx(3), pytest.approx(LOST))
    assert without(gp).low == pytest.approx(1 / LOST)
    assert without(gp).verdict == "inconclusive"
    assert without(wgan, gp).seeds == 5  # of two that diverged nothing is known


def test_the_same_run_in_two_experiments_is_one_context():
    made = Made()
    for experiment, iterations in (("a", 2000), ("b", 2000), ("c", 9000)):
        run = made.run("wgan", "pair", 2, experiment, iterations=iterations)
        made.measure("weights_at_ends", run, [0.9, 0.8])
    verdict = judged("weights_at_ends", made.evidence)
    assert (len(verdict.contexts), verdict.seeds, len(verdict.runs)) == (1, 2, 3)


@pytest.mark.parametrize("name", ["penalty_every_architecture", "others_fail"])
def test_three_architectures_say_nothing_of_every_one(name):
    evidence = made(name, "supports")
    widths = evidence.settings["generator.width"]
    three = replace(evidence, settings=evidence.settings[widths != 5])
    assert judged(name, three).verdict == "not testable here"


def test_an_architecture_that_no_method_trains_is_left_out():
    evidence = made("penalty_every_architecture", "contradicts")
    hard = evidence.settings["run"][evidence.settings["generator.width"] == 4]
    fid = evidence.evaluations["fid"].where(~evidence.evaluations["run"].isin(hard), 500.0)
    spoilt = replace(evidence, evaluations=evidence.evaluations.assign(fid=fid))
    assert judged("penalty_every_architecture", spoilt).verdict == "not testable here"


def test_a_clip_value_that_alone_decides_tests_nothing():
    """A layer of width 64 and weights of 0.01 stretches by at most 0.64."""
    made = Made()
    deep = {"data__name": "noisy-law", "data__law": "swissroll", "critic__depth": 12}
    run = made.run("wgan", "pair", constraint__clip_value=0.01, **deep)
    made.measure("gradient_growth", run, [-3.0 - 0.1 * k for k in range(SEEDS)])
    verdict = judged("small_clip_vanishing", made.evidence)
    assert verdict.verdict == "not testable here"
    assert verdict.because.endswith("is 0.64 and should be at least 1")


def test_contexts_that_disagree_are_mixed_and_named():
    made = Made()
    rng = np.random.default_rng(0)
    for law, share in (("8gaussians", 1.0), ("25gaussians", 0.4)):
        run = made.run("wgan", data__name=law)
        found = [share * 100 - abs(x) for x in rng.normal(size=SEEDS)]
        made.end(run, w1=1.0, modes=100, modes_loose=found)
    verdict = judged("no_mode_collapse", made.evidence)
    assert verdict.verdict == "mixed"
    low, high = sorted(verdict.contexts, key=lambda context: context.value)
    assert {low.name, high.name} == {"e/wgan"}  # digests apart; a grid's runs have names of points
    assert low.high < 0.9 < high.low


def test_where_one_context_lies_on_the_other_side_nothing_is_decided():
    made = Made()
    for clip, levels in ((0.01, [0.95] * 5 + [0.99]), (0.05, [0.2, 0.9, 0.3, 0.1, 0.8, 0.4])):
        run = made.run("wgan", "pair", constraint__clip_value=clip)
        made.measure("weights_at_ends", run, levels)
    verdict = judged("weights_at_ends", made.evidence)
    assert verdict.low > 0.5
    assert (verdict.verdict, verdict.because) == (
        "inconclusive", "not every context lies on that side",
    )  # fmt: skip


def test_a_context_with_a_closed_gate_is_left_out_and_named():
    made = Made()
    for clip, slope in ((0.01, 1e-6), (0.05, 1.0)):
        run = made.run("wgan", data__name="8gaussians", constraint__clip_value=clip)
        good = slope == 1.0
        made.end(
            run, w1=1.0, modes=8, modes_loose=8.0 if good else 1.0, gradient_norm_max=slope
        )  # fmt: skip
    verdict = judged("no_mode_collapse", made.evidence)
    assert verdict.verdict == "reproduced"
    assert [context.left_out for context in verdict.contexts] == ["alive", ""]
    (gate,) = (gate for gate in verdict.gates if gate.name == "alive")
    assert (gate.passed, gate.contexts, gate.worst) == (1, 2, 1e-6)


def test_claims_are_judged_after_what_they_lean_on_and_corrected_together():
    verdicts = judge_all(CLAIMS, made("baseline_works", "supports"))
    assert [verdict.name for verdict in verdicts] == list(CLAIMS)
    by_name = {verdict.name: verdict for verdict in verdicts}
    assert by_name["baseline_works"].verdict == "reproduced"
    assert by_name["baseline_works"].p_of_all == by_name["baseline_works"].p  # the only one judged


FEW = {("toy", "gan", True), ("images", "wgan-gp", False), ("pair", "wgan", True)}


@pytest.mark.parametrize(
    ("base", "method", "is_measured"),
    [
        pytest.param(*one, marks=() if one in FEW else pytest.mark.long)
        for one in product(["toy", "images", "pair"], ["gan", "wgan", "wgan-gp"], [True, False])
    ],
)
def test_every_claim_is_judged_on_one_run_alone(base, method, is_measured):
    made = Made()
    run = made.run(method, base)
    if is_measured:
        made.end(run, w1=1.0, floor=0.1, fid=5.0, fid_floor=1.0)
    verdicts = judge_all(CLAIMS, made.evidence)
    assert {verdict.verdict for verdict in verdicts} <= {
        "not testable here", "inconclusive", "reproduced", "not reproduced",
    }  # fmt: skip


def test_a_verdict_tells_number_interval_threshold_seeds_and_floor():
    verdict = judged("penalty_beats_clipping", made("penalty_beats_clipping", "supports"))
    assert verdict.floor == 2.0
    for part in (
        "median 3 [3, 3]", "95% interval", "at least 1", "6 seeds", "1 context;",
        "floor of the distance 2;", "the whole interval is above",
    ):  # fmt: skip
        assert part in text_of(verdict)


def test_statements_are_sentences_and_thresholds_and_gates_have_reasons():
    for claim in CLAIMS.values():
        assert claim.statement.endswith(".")
        assert len(claim.reason) > 20
        assert all(len(gate.reason) > 40 for gate in claim.gates)
