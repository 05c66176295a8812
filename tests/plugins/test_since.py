"""A setting that is younger than ids leaves the ids of runs that do not use it as they are."""

from typing import Annotated, Any, Literal

import pytest
from configurations import PAIR, configuration
from pydantic import Field, ValidationError

from wganbench.algorithms.adversarial import Adversarial
from wganbench.data import DataSet
from wganbench.data.swiss_roll import SwissRoll
from wganbench.optimizers.adam import Adam
from wganbench.plan.configuration import Configuration
from wganbench.plugins import RECORDED, Plugin, Since
from wganbench.records.run import digest_of

# What older runs did: no averaging, no decay, no rotation. Today's defaults may be others.
Averaged = Annotated[float, Field(ge=0, description="Share."), Since("0.2", absent=0.0)]


class YoungAdversarial(Adversarial):
    averaged: Averaged = 0.5


class YoungAdam(Adam):
    decay: Annotated[float, Since("0.3", absent=0.0)] = 0.0


class YoungRoll(SwissRoll):
    turned: Annotated[Literal["", "left"], Since("0.2", absent="")] = ""


class Young(Configuration):
    label: Annotated[list[int], Since("0.4", absent=[])] = []
    data: YoungRoll
    algorithm: YoungAdversarial


OLD = configuration("wgan-gp", data__name="swissroll")


def young(**changes: Any) -> Young:
    """Return the old configuration as today's version has it, with young settings changed."""
    flat = OLD.resolved() | {"averaged": 0.0} | changes
    return Young.from_flat(flat)


def ids(config: Configuration) -> str:
    return digest_of(config.identity(), (0, 1))


def test_ids_of_runs_that_do_not_use_a_young_setting_stay():
    assert young().identity() == OLD.identity()
    assert ids(young()) == ids(OLD)


@pytest.mark.parametrize(
    "change", [{"averaged": 0.25}, {"averaged": 0.5}, {"label": [1]}, {"data": {"name": "swissroll",
               "turned": "left"}}],
    ids=str,
)  # fmt: skip
def test_a_young_setting_that_is_used_changes_the_id(change):
    assert ids(young(**change)) != ids(OLD)
    assert ids(young(**change)) != ids(young(averaged=0.75))


def test_what_absence_means_counts_and_not_todays_default():
    """The default may move later: who writes nothing gets it, and another id."""
    written_nothing = Young.from_flat(OLD.resolved())
    assert written_nothing.algorithm.averaged == 0.5
    assert written_nothing.identity()["averaged"] == 0.5
    assert ids(written_nothing) != ids(OLD)


def test_a_young_setting_at_rest_is_among_all_settings_all_the_same():
    assert young().resolved()["averaged"] == 0.0
    assert young().resolved()["label"] == []


def test_an_older_record_is_read_as_absence_means():
    read = Young.from_flat(OLD.identity(), recorded=True)
    assert (read.algorithm.averaged, read.label, read.data.turned) == (0.0, [], "")
    assert ids(read) == ids(OLD)


@pytest.mark.parametrize("change", [{}, {"averaged": 0.25}, {"label": [3, 4]}], ids=str)
def test_what_a_record_holds_is_read_back_equal(change):
    config = young(**change)
    assert Young.from_flat(config.identity(), recorded=True) == config


def test_a_young_setting_of_a_part_of_a_part_is_left_out_and_filled_in_too():
    class Nested(Plugin):
        name: Literal["nested"] = "nested"
        inner: YoungAdam

    resting, used = (Nested(inner=YoungAdam(lr=0.1, decay=decay)) for decay in (0.0, 0.5))
    plain = Adam(lr=0.1).model_dump()
    assert resting.identity() == {"name": "nested", "inner": plain}
    assert used.identity() == {"name": "nested", "inner": plain | {"decay": 0.5}}
    for part in (resting, used):
        assert Nested.model_validate(part.identity(), context=RECORDED) == part


def test_an_unknown_key_of_a_record_is_refused_all_the_same():
    with pytest.raises(ValidationError, match="unknown key; did you mean 'averaged'"):
        Young.from_flat(OLD.resolved() | {"avraged": 1.0}, recorded=True)


def test_a_data_sets_file_keeps_its_name_until_the_setting_is_used():
    """Its data would have to be made anew otherwise."""
    old, resting, used = SwissRoll(), YoungRoll(), YoungRoll(turned="left")
    assert resting.id == old.id == "swissroll"
    assert resting.identity() == old.identity()
    assert used.id == "swissroll-turnedleft"


def test_a_data_sets_name_has_all_its_older_settings():
    data: DataSet = configuration("wgan", PAIR).data
    assert data.identity() == data.model_dump()
    assert all(name in data.id for name in type(data).model_fields if name != "name")
