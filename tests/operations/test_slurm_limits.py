"""Accounts, QOS and the number of jobs at once, as `wganbench slurm check` judges them."""

from dataclasses import replace

import pytest
from imagined_sites import ASSOCIATIONS, QOS, jobs

from wganbench.operations.slurm_accounting import Accounting, associations_in, qos_in
from wganbench.operations.slurm_jobs import Jobs
from wganbench.operations.slurm_limits import limits


def found(jobs: Jobs) -> dict[str, tuple[str, str]]:
    return {row.name: (row.state, row.note) for row in limits(jobs)}


def test_sacctmgrs_lines_are_read_with_empty_fields_as_no_limit():
    physics, teaching = associations_in(ASSOCIATIONS.splitlines())
    assert (physics.account, physics.partition, physics.max_submit) == ("physics", "", 200)
    assert physics.qos == {"normal", "short"}
    assert (teaching.partition, teaching.default_qos) == ("gpu", "normal")
    read = qos_in(QOS.splitlines())
    assert read["normal"].max_submit == read["normal"].minutes == float("inf")
    assert (read["short"].max_submit, read["short"].minutes) == (50, 60)
    assert (read["long"].max_submit, read["long"].minutes) == (30, 7 * 24 * 60)


@pytest.mark.parametrize(
    ("named", "partition", "state", "said"),
    [
        ("short", {}, "ok", "yours"),
        ("shrot", {}, "missing", "does not exist: set qos in slurm/config.yaml to one of normal, "
         "short"),
        ("long", {}, "missing", "is not yours: set qos"),
        ("short", {"AllowQos": "long,normal"}, "missing", "of long, normal alone: set qos in "
         "slurm/config.yaml to one of normal, or another partition"),
        ("short", {"DenyQos": "short"}, "missing", "takes no jobs of short"),
    ],
)  # fmt: skip
def test_a_qos_has_to_exist_to_be_ones_own_and_to_be_taken_by_the_partition(
    named, partition, state, said
):
    rules = {"train": {"qos": named}}
    row = found(jobs(accounts=True, rules=rules, partition=partition))[f"QOS {named} in main"]
    assert row[0] == state
    assert said in row[1]


def test_without_a_qos_the_users_own_one_counts():
    assert not any("QOS" in name for name in found(jobs(accounts=True)))
    state, note = found(jobs(accounts=True, partition={"AllowQos": "short"}))["QOS in main"]
    assert state == "missing"
    assert "takes jobs of short alone: set qos" in note


def test_a_site_without_accounts_takes_any_qos_and_any_account():
    here = jobs(defaults={"qos": "high", "slurm_account": "me"})
    assert found(here)["QOS high in main"] == ("ok", "the site keeps none; it changes nothing")
    assert found(here)["account"] == ("ok", "the site keeps none; slurm_account changes nothing")


def test_the_setting_slurm_qos_goes_before_a_rules_qos_as_in_the_plugin():
    here = jobs(slurm_qos="high", rules={"train": {"qos": "low"}})
    assert list(found(here)) == ["account", "QOS high in main", "jobs at once"]


def test_an_account_that_is_not_ones_own_is_named_with_those_that_are():
    wrong = jobs(accounts=True, defaults={"slurm_account": "chemistry"})
    assert found(wrong)["account"] == (
        "missing", "chemistry is not yours: set slurm_account to one of physics, teaching",
    )  # fmt: skip
    right = jobs(accounts=True, defaults={"slurm_account": "Physics"})
    assert found(right)["account"] == ("ok", "Physics")


def test_an_accounting_that_tells_nothing_is_unknown_and_not_missing():
    here = jobs(defaults={"slurm_account": "me", "qos": "high"})
    silent = found(replace(here, accounting=Accounting([], {})))
    assert silent["account"][0] == silent["QOS high in main"][0] == "unknown"


@pytest.mark.parametrize(
    ("changes", "least"),
    [
        ({"jobs": 20000}, "the site's controller takes 10000"),
        ({"jobs": 300, "accounts": True}, "your account takes 200"),
        ({"jobs": 100, "accounts": True, "defaults": {"qos": "short"}}, "QOS short takes 50"),
        ({"jobs": 100, "accounts": True, "partition": {"QoS": "long"}}, "QOS long takes 30"),
    ],
)
def test_more_jobs_at_once_than_somebody_takes_are_missing(changes, least):
    state, note = found(jobs(**changes))["jobs at once"]
    assert state == "missing"
    number = least.split()[-1]
    assert note == f"{changes['jobs']}; {least}: set jobs: {number} in slurm/config.yaml"
    assert found(jobs(**changes | {"jobs": int(number)}))["jobs at once"][0] == "ok"


def test_the_longest_array_of_workers_is_told():
    assert "an array takes up to 1001 workers" in found(jobs())["jobs at once"][1]
    assert "takes no job arrays" in found(jobs(site={"MaxArraySize": "0"}))["jobs at once"][1]
