"""The JSON Schemas that editors use accept every experiment and see the usual mistakes."""

import copy
import json
from pathlib import Path

import pytest
from conftest import ROOT
from jsonschema import Draft202012Validator

from wganbench.plan.keys import known_keys
from wganbench.plan.presets import PRESETS
from wganbench.plan.yaml_files import read_mapping
from wganbench.schema.editors import schemas
from wganbench.schema.reference import reference
from wganbench.schema.settings import sections

SCHEMAS = schemas()
EXPERIMENTS = sorted((ROOT / "experiments").glob("*.yaml"))
CHECK = Draft202012Validator(SCHEMAS["experiment"])


def experiment(path: Path = ROOT / "experiments" / "toy-grid.yaml") -> dict:
    return copy.deepcopy(read_mapping(path))


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_valid_one(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_every_experiment_of_the_project_fits(path):
    assert [error.message for error in CHECK.iter_errors(experiment(path))] == []


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_every_experiment_names_its_schema_for_editors(path):
    first = path.read_text().partition("\n")[0]
    comment, _, reference_to = first.partition("$schema=")
    assert comment == "# yaml-language-server: "
    assert (path.parent / reference_to).resolve() == ROOT / "docs/schemas/experiment.json"


def test_the_params_of_the_project_fit():
    check = Draft202012Validator(SCHEMAS["params"])
    assert check.is_valid(read_mapping(ROOT / "params.yaml"))
    assert not check.is_valid({"scale": "Huge!"})
    assert not check.is_valid({})


METHODS = ["gan", "wgan"]


def tuned(**axes) -> dict:
    return {"seeds": 1, "settings": [{"when": {"method": METHODS}, "axes": axes}]}


def test_what_is_tuned_fits():
    content = experiment()
    content["scales"]["laptop"]["tuned"] = tuned(
        **{"optimizer.lr": [1e-3, 1e-4], "n_critic": [1, 2]}
    )
    assert [error.message for error in CHECK.iter_errors(content)] == []


MISTAKES = {
    "a misspelt key": lambda e: e["base"].update({"critic.widht": 1}),
    "a misspelt key of the grid": lambda e: e["grid"][0].update({"constraint.clip": [1]}),
    "a misspelt key of a condition": lambda e: e["overrides"][0]["when"].update({"metod": "gan"}),
    "an unknown plug-in": lambda e: e["base"].update({"critic.name": "mpl"}),
    "a value out of range": lambda e: e["base"].update({"batch_size": 0}),
    "a value of another type": lambda e: e["base"].update({"critic.width": "wide"}),
    "a wrong value along an axis": lambda e: e["grid"][0].update({"n_critic": [1, -1]}),
    "a wrong value under a scale": lambda e: e["scales"]["laptop"]["set"].update({"samples": 1}),
    "a scale whose name is no folder's": lambda e: e["scales"].update({"a b": e["scales"]["gpu"]}),
    "no scale at all": lambda e: e.update(scales={}),
    "no question": lambda e: e.pop("question"),
    "an empty exception": lambda e: e["scales"]["laptop"].update(without=[{}]),
    "one value to choose from": lambda e: e["scales"]["laptop"].update(tuned=tuned(n_critic=[1])),
    "a method as a setting": lambda e: e["scales"]["laptop"].update(tuned=tuned(method=METHODS)),
    "nothing to choose from": lambda e: e["scales"]["laptop"].update(tuned=tuned()),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_seen(mistake):
    content = experiment()
    MISTAKES[mistake](content)
    assert not CHECK.is_valid(content)


def test_an_editor_is_offered_every_key_and_plug_in_with_its_meaning():
    offered = SCHEMAS["experiment"]["$defs"]["Settings"]["properties"]
    assert set(offered) == known_keys()
    silent = [key for key, value in offered.items() if not value.get("description")]
    assert silent == []
    names = {case["const"]: case for case in offered["constraint.name"]["oneOf"]}
    assert "[-c, c]" in names["clip"]["description"]
    assert offered["method"]["anyOf"][0]["enum"] == list(PRESETS)


def test_the_reference_tells_of_every_key_and_plug_in():
    page = reference()
    keys = {key for key in known_keys() if not key.startswith(("generator_opt", "critic_opt"))}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
    names = [name for section in sections() for name in section.plugins]
    assert [name for name in names if f"| `{name}` |" not in page] == []


def test_the_command_prints_a_schema(wganbench):
    assert json.loads(wganbench("schema")[1]) == SCHEMAS["experiment"]
    assert json.loads(wganbench("schema", "params")[1]) == SCHEMAS["params"]
    code, out, err = wganbench("schema", "experimnt")
    assert (code, out) == (2, "")
    assert err == "wganbench: schema 'experimnt' is unknown; did you mean 'experiment'?\n"
