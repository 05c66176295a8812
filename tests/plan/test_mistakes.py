"""What an experiment says wrongly is one line with file and key; nothing else ever comes out."""

import pytest
from experiment_files import EXAMPLE, example, mistake_in, planned, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wganbench.errors import UserError
from wganbench.plan.runs import plan


def smoke(**keys):
    return example(scales={"smoke": {"seeds": 1} | keys})


def override(**keys):
    return example(overrides=[{"when": {"method": "wgan"}, "set": {"n_critic": 2}} | keys])


def without(key):
    return {name: value for name, value in EXAMPLE.items() if name != key}


def axis(value):
    return example(grid=[{"method": "wgan", "n_critic": value}])


PAIR = {"data.name": "two-gaussians"}

MISTAKES = [
    # a key that is unknown, missing or no setting
    (example(titel="x"), "titel: unknown key; did you mean 'title'?"),
    (without("title"), "title: "),
    (without("grid"), "grid: "),
    (smoke(seed=1), "scales.smoke.seed: unknown key; did you mean 'seeds'?"),
    (example(scales={"laptp": {"seeds": 1}}), "scales.laptp: "),
    (override(wen={}), "overrides.0.wen: unknown key; did you mean 'when'?"),
    (example(base={"bacth_size": 1}), "base: bacth_size: unknown key; did you mean 'batch_size'?"),
    (example(base={"critic.widht": 1}), "base: critic.widht: unknown key; did you mean 'critic.w"),
    (example(base={"": 1}), "base: : unknown key"),
    (example(base={"data.": 1}), "base: data.: unknown key"),
    (example(base={"constraint.clip_value": 1}), "base: constraint.clip_value: unknown key"),
    (example(base={"constraint": "clip"}), "base: constraint: is no setting"),
    (example(base={"data": 3}), "base: data: is no setting"),
    (example(base={"generator": {"name": "mlp"}}), "base: generator: is no setting"),
    (example(base={"optimizer": "adam"}), "base: optimizer: is no setting"),
    (smoke(set={"n_crtic": 1}), "scales.smoke.set: n_crtic: unknown key"),
    (smoke(only={"mehtod": "gan"}), "scales.smoke.only: mehtod: unknown key"),
    (override(when={"mehtod": "gan"}), "overrides.0.when: mehtod: unknown key"),
    (override(set={"n_crtic": 1}), "overrides.0.set: n_crtic: unknown key"),
    (example(grid=[{"mehtod": "wgan"}]), "grid.0: mehtod: unknown key; did you mean 'method'?"),
    (axis({"values": [1], "when": {"mehtod": 1}}), "grid.0.n_critic.when: mehtod: unknown key"),
    # a name that is unknown or missing
    (example(base={"data.name": "8gausians"}), "data.name: '8gausians' is unknown; did you mean"),
    (example(base={"critic.name": None}), "base: critic.name: 'None' is unknown; there are"),
    (example(base={"critic.name": ["mlp"]}), "base: critic.name: "),
    (example(grid=[{"method": "wgann"}]), "objective.name: is not set, and method 'wgann' is"),
    (example(base=PAIR | {"data.name": "parallel-lines", "generator.name": "fixed"}),
     "data.theta: is not set"),
    # a value of the wrong type, or out of range
    (example(base={"n_critic": 0}), "base: n_critic: "),
    (example(base={"n_critic": True}), "base: n_critic: "),
    (example(base={"n_critic": "5"}), "base: n_critic: "),
    (example(base={"n_critic": 2.5}), "base: n_critic: "),
    (example(base={"n_critic": None}), "base: n_critic: "),
    (example(base={"n_critic": [5]}), "base: n_critic: "),
    (example(base={"n_critic": {"is": 5}}), "base: n_critic: "),
    (example(base={"iterations": 10**400}), "base: iterations: "),
    (example(base={"optimizer.lr": 10**400}), "base: optimizer.lr: "),
    (example(base={"optimizer.lr": float("nan")}), "base: optimizer.lr: "),
    (example(base={"optimizer.lr": -1}), "base: optimizer.lr: "),
    (example(base={"critic_optimizer.lr": 0}), "base: critic_optimizer.lr: "),
    (example(base={"variant": "../up"}), "base: variant: "),
    (example(grid=[{"method": "../../x"}]), "grid.0: method: "),
    (example(grid=[{"method": 3}]), "grid.0: method: "),
    (example(grid=[{"method": "m" * 300}]), "grid.0: method: "),
    (override(set={"batch_size": -1}), "overrides.0.set: batch_size: "),
    (smoke(set={"samples": 1}), "scales.smoke.set: samples: "),
    (
        smoke(set={"samples": 30_000}),
        "samples: 30000 held-out samples are asked for, and data.name '8gaussians' has 20000",
    ),
    (example(title=5), "title: "),
    (example(title=""), "title: "),
    (example(notes=None), "notes: "),
    (example() | {"base": [1]}, "base: "),
    (example(overrides={}), "overrides: "),
    (example(overrides=[3]), "overrides.0: "),
    (override(when=["gan"]), "overrides.0.when: "),
    (override(set="n_critic"), "overrides.0.set: "),
    (example(scales=[]), "scales: "),
    (example(scales={}), "scales: "),
    (example(scales={"smoke": 3}), "scales.smoke: "),
    (smoke(overrides=[{"set": {}}]), "scales.smoke.overrides.0.when: "),
    (smoke(seeds=0), "scales.smoke.seeds: "),
    (smoke(seeds=-3), "scales.smoke.seeds: "),
    (smoke(seeds=10**12), "scales.smoke.seeds: "),
    (smoke(seeds=True), "scales.smoke.seeds: "),
    (smoke(seeds="3"), "scales.smoke.seeds: "),
    (smoke(seeds=1.0), "scales.smoke.seeds: "),
    (smoke(seeds=None), "scales.smoke.seeds: "),
    (smoke(seeds=[]), "scales.smoke.seeds: "),
    (smoke(seeds=[1, 1]), "scales.smoke.seeds: a seed stands here twice"),
    (smoke(seeds=[-1]), "scales.smoke.seeds.0: "),
    (smoke(seeds=[2**63]), "scales.smoke.seeds.0: "),
    (smoke(seeds=[0, True]), "scales.smoke.seeds.1: "),
    (smoke(seeds=[0, "1"]), "scales.smoke.seeds.1: "),
    # a grid that is empty, too large, or says one thing twice
    (example(grid=[]), "grid: "),
    (example(grid={}), "grid: "),
    (example(grid=[{}]), "grid.0: "),
    (example(grid=[3]), "grid.0: "),
    (axis([]), "grid.0.n_critic.values: "),
    (axis({}), "grid.0.n_critic.values: "),
    (axis({"values": []}), "grid.0.n_critic.values: "),
    (axis({"values": 3}), "grid.0.n_critic.values: "),
    (axis({"values": [1], "when": 3}), "grid.0.n_critic.when: "),
    (axis({"values": [1], "junk": 3}), "grid.0.n_critic.junk: unknown key"),
    (axis([[1]]), "grid.0: n_critic: "),
    (axis(None), "grid.0: n_critic: "),
    (axis([1, 1]), "grid.0: {'method': 'wgan', 'n_critic': 1} and {"),
    (example(grid=[{"method": "wgan"}, {"method": "wgan", "n_critic": 5}]), "are the same"),
    (smoke(only={"method": "wgann"}), "scales.smoke.only: keeps no configuration"),
    (smoke(only={"method": []}), "scales.smoke.only: keeps no configuration"),
    (example(grid=[{"method": "wgan"} | {
        key: list(range(1, 30)) for key in ("n_critic", "batch_size", "samples", "log_every")
    }]), "grid.0.samples: more than 10,000"),
    # a condition that can never hold
    (override(when={"method": "wgan_gp"}), "overrides.0.when: holds nowhere on the grid"),
    (override(when={"method": []}), "overrides.0.when: holds nowhere on the grid"),
    (smoke(overrides=[{"when": {"n_critic": 99}, "set": {}}]), "scales.smoke.overrides.0.when: "),
    (axis({"values": [1], "when": {"method": "gan"}}), "grid.0.n_critic.when: holds nowhere"),
    # parts that do not go together
    (example(base=PAIR), "algorithm 'adversarial' does not go with data.name 'two-gaussians'"),
    (example(base={"generator.name": "fixed"}), "algorithm 'critic-only' does not go with data.n"),
    (example(base={"algorithm": "critic-only"}), "algorithm 'critic-only' does not go with data."),
    # text that would break the line
    (example(**{"a\nb\x1b[31m": 1}), r"a b\x1b[31m: unknown key"),
    (example(base={"critic.name": "a\nb"}), r"'a\nb' is unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), MISTAKES, ids=[e for _, e in MISTAKES])
def test_a_mistake_in_an_experiment_is_one_line_with_file_and_key(tmp_path, content, expected):
    write(tmp_path, content)
    message = mistake_in(plan, "smoke", None, tmp_path)
    assert message.startswith(f"{tmp_path}/example.yaml: ")
    assert expected in message


def test_an_override_that_holds_at_another_scale_only_is_no_mistake(tmp_path):
    content = override(when={"data.name": "swissroll"})
    content["scales"] = {
        "smoke": {"seeds": 1},
        "gpu": {"seeds": 1, "set": {"data.name": "swissroll"}},
    }
    assert {run.configuration.algorithm.n_critic for run in planned(tmp_path, content, "gpu")} == {
        2
    }
    assert {run.configuration.algorithm.n_critic for run in planned(tmp_path, content)} == {1, 5}


# Valid more often than not, so that what is wrong lies deep as often as on the surface.
GOOD = {
    "method": ["gan", "wgan", "wgan-gp"],
    "data.name": ["8gaussians", "swissroll", "digits"],
    "generator.name": ["mlp", "dcgan"],
    "generator.width": [8, 16],
    "generator.norm": ["batch", "none"],
    "constraint.name": ["clip", "none", "gradient-penalty"],
    "constraint.clip_value": [0.1, 1],
    "optimizer.name": ["adam", "rmsprop"],
    "critic_optimizer.lr": [1e-3, 1],
    "n_critic": [1, 5],
    "variant": ["", "high-lr"],
}
BAD = st.sampled_from(
    [None, True, 0, -1, 10**400, float("nan"), "", "fixed", "sgd", "../up", "\n", [], {}, [{}],
     {"when": {}}, "two-gaussians", "constraint", "critic.widht", "é\x1b"]
)  # fmt: skip


def rarely(bad, good):
    return st.integers(0, 24).flatmap(lambda n: good if n else bad)


def one_of(values):
    return rarely(BAD, st.sampled_from(values))


def axis_of(values):
    listed = st.lists(one_of(values), min_size=1, max_size=2)
    return listed | st.fixed_dictionaries({"values": listed, "when": SOME})


@st.composite
def several(draw, value=one_of):
    keys = draw(st.lists(st.sampled_from(sorted(GOOD)), max_size=3, unique=True))
    return {draw(rarely(st.just("x.y"), st.just(key))): draw(value(GOOD[key])) for key in keys}


SOME = rarely(BAD, several())
OVERRIDES = rarely(BAD, st.lists(st.fixed_dictionaries({"when": SOME, "set": SOME}), max_size=2))
BLOCK = rarely(BAD, several(axis_of).map(lambda axes: {"method": ["gan", "wgan"]} | axes))
SCALE = {"set": SOME, "only": SOME, "overrides": OVERRIDES}
EXPERIMENTS = st.fixed_dictionaries(
    {"base": several()},
    optional={
        "title": rarely(BAD, st.just("A title")),
        "overrides": OVERRIDES,
        "grid": rarely(BAD, st.lists(BLOCK, min_size=1, max_size=2)),
        "scales": st.fixed_dictionaries(
            {"smoke": st.fixed_dictionaries({"seeds": rarely(BAD, st.just(1))}, optional=SCALE)}
        ),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=500)
@given(changes=EXPERIMENTS)
def test_whatever_an_experiment_says_it_is_planned_or_refused(tmp_path, changes):
    write(tmp_path, example(**changes))
    try:
        runs = plan("smoke", None, tmp_path)["example"]
    except UserError as error:
        message = str(error)
    else:
        assert len({run.id for run in runs}) == len(runs) > 0
        return
    assert message.isprintable()
    assert message.startswith(f"{tmp_path}/example.yaml: ")
