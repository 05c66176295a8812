"""Whether jobs fit a site, as `wganbench slurm check` judges it, and what they ask it for."""

import shlex
from collections import UserDict
from dataclasses import fields, replace
from types import SimpleNamespace

import pytest
import yaml
from conftest import ROOT
from imagined_sites import NODE, TRAIN, jobs

from wganbench.operations import slurm_fit
from wganbench.operations.slurm_cuda import cuda_problem
from wganbench.operations.slurm_fit import fit
from wganbench.operations.slurm_node import Gpu
from wganbench.operations.slurm_places import meets
from wganbench.operations.slurm_profile import read_profile

DAYS = replace(TRAIN, runtime=5 * 1440)


@pytest.fixture(autouse=True)
def accepted(monkeypatch):
    """Slurm itself, which is not asked here, takes every job."""
    monkeypatch.setattr(slurm_fit, "refusal", lambda options: "")


@pytest.mark.parametrize(
    ("need", "changes", "state", "said"),
    [
        # One attempt is too short, and Slurm would keep the job waiting for ever.
        (DAYS, {}, "missing", "no node of main offers 7200 minutes: set another partition, or in "
         "slurm/config.yaml set-resources: train: runtime: 1440 (a run goes on where it was ended "
         "and takes up to 5 attempts; retries allow 6)"),
        (DAYS, {"rules": {"train": {"runtime": "1440"}}}, "ok", "; in up to 5 of 6 attempts"),
        (DAYS, {"rules": {"train": {"runtime": "1d"}}}, "ok", "; in up to 5 of 6 attempts"),
        (DAYS, {"rules": {"train": {"runtime": "720"}}}, "missing",
         "takes 10 attempts of 720, and slurm/config.yaml allows 6: set retries: 9"),
        (DAYS, {"retries": 2}, "missing", "runtime: 1440 with retries: 4"),
        (replace(DAYS, resumes=False), {}, "missing", "7200 minutes: set another partition"),
        (replace(DAYS, resumes=False), {"rules": {"train": {"runtime": "1440"}}}, "unknown",
         "7200 is what the largest may take, and a retry begins anew"),
        (replace(TRAIN, runtime=90), {"accounts": True, "defaults": {"qos": "short"}}, "missing",
         "90 minutes (QOS short ends jobs after 60): set another partition, or in "
         "slurm/config.yaml set-resources: train: runtime: 60 "),
        (replace(TRAIN, resumes=False, runtime=600), {}, "unknown", "a retry asks for 6000 MiB and "
         "1800 minutes, which nobody offers"),
        (TRAIN, {}, "ok", "1 CPUs, 2000 MiB, 60 minutes"),
    ],
)  # fmt: skip
def test_a_run_longer_than_the_time_limit_takes_attempts_if_it_resumes(need, changes, state, said):
    row = fit(jobs(need, **changes), need)
    assert row.state == state
    assert said in row.note


GPU = replace(TRAIN, gpu=1)
LINEAR = {"SelectType": "select/linear"}
BY_GRES = "set-resources: train: gres: gpu:1 and gpu: 0, without gpu_model"


@pytest.mark.parametrize(
    ("resources", "site", "state", "said"),
    [
        ({}, {}, "ok", "1 GPU, 1 CPUs"),
        ({"gpu_model": "a100"}, {}, "ok", "1 GPU of type a100"),
        ({}, LINEAR, "missing", f"does not know --gpus: in slurm/config.yaml, {BY_GRES}"),
        ({"gres": "gpu:a100:2", "gpu": "0"}, LINEAR, "ok", "2 GPU of type a100"),
        ({"gres": "gpu:h100:1", "gpu": "0"}, {}, "missing", "(there are a100)"),
        ({"gres": "gpu:1"}, {}, "missing", "asks for GPUs twice, by --gres=gpu:1 and --gpus=1"),
    ],
)  # fmt: skip
def test_gpus_are_asked_for_as_the_site_takes_them(resources, site, state, said):
    row = fit(jobs(GPU, rules={"train": resources}, site=site), GPU)
    assert row.state == state
    assert said in row.note


def test_a_rule_with_jobs_on_gpus_and_on_cpus_has_a_row_for_each():
    both = jobs(TRAIN, GPU, site=LINEAR)
    with_gpu, without = fit(both, GPU), fit(both, TRAIN)
    assert (with_gpu.name, without.name) == ("jobs of train with GPU", "jobs of train")
    assert without.state == "ok"
    assert with_gpu.note.endswith("its jobs that need no GPU then get one too")


class Resources(UserDict):
    """As a Snakemake job has them."""

    def __getattr__(self, name):
        try:
            return self.data[name]
        except KeyError:
            raise AttributeError(name) from None


@pytest.mark.parametrize(
    "resources",
    [
        {}, {"gpu": 2}, {"gpu": 1, "gpu_model": "a100"}, {"gpu_model": "a100"},
        {"gres": "gpu:a100:1", "gpu": 0}, {"qos": "high", "constraint": "a100&nvlink"},
        {"slurm_partition": "big", "slurm_account": "me", "slurm_extra": "--licenses=x --nice=5"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("settings", [{}, {"slurm_qos": "low", "slurm_reservation": "course"}])
def test_a_test_job_asks_for_what_the_plugins_job_does(resources, settings):
    from snakemake_executor_plugin_slurm.submit_string import get_submit_command
    from snakemake_executor_plugin_slurm.utils import set_gres_string

    own = {"mem_mb": 2000, "runtime": 60, **resources}
    job = SimpleNamespace(threads=1, resources=Resources(own))
    executor = SimpleNamespace(requeue=False, no_requeue=False, qos=settings.get("slurm_qos"),
                               reservation=settings.get("slurm_reservation"))  # fmt: skip
    given = dict.fromkeys(("run_uuid", "slurm_logfile", "comment_str", "workdir"), "")
    given["account"] = "-A me" if "slurm_account" in own else ""
    given["partition"] = "-p big" if "slurm_partition" in own else ""
    theirs = get_submit_command(job, given, executor) + set_gres_string(job)

    texts = {name: str(value) for name, value in resources.items()}
    ours = jobs(rules={"train": texts}, **settings).profile.options(TRAIN)
    assert asked(ours) == asked(shlex.split(theirs)[1:])


def asked(words: list[str]) -> dict[str, str]:
    """Return sbatch's options by their long names; of one given twice it takes the last."""
    long = {"-A": "account", "-p": "partition", "-t": "time", "-C": "constraint"}
    text = "\0".join(words)
    for short, name in long.items():
        text = text.replace(f"{short}\0", f"--{name}=")
    text = text.replace("--mem\0", "--mem=")
    pairs = (word.partition("=")[::2] for word in text.split("\0") if word.startswith("--"))
    beside = ("--parsable", "--job-name", "--output", "--export", "--comment", "--ntasks")
    return {name: value for name, value in pairs if name not in beside}


@pytest.mark.parametrize(
    "rules",
    [
        {"train": {"gres": "gpu:1", "gpu": 0}}, {"train": {"gres": "'gpu:1'", "gpu": "0"}},
        ["train:gres=gpu:1", "train:gpu=0"],
    ],
)  # fmt: skip
def test_resources_are_read_however_a_profile_writes_them(tmp_path, rules):
    settings = {"executor": "slurm", "set-resources": rules}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(settings))
    assert read_profile(tmp_path).gpu_options(GPU) == ["--gres=gpu:1"]


@pytest.mark.parametrize(
    ("constraint", "is_met"),
    [
        ("nvlink", True), ("infiniband", False), ("nvlink&a100", True), ("nvlink,rack1", False),
        ("infiniband|a100", True), ("[rack1|rack2]", False), ("[rack1|a100]", True),
        ("nvlink*1", True), ("(rack1|a100)&nvlink", True), ("(rack1|a100)&rack2", False),
    ],
)  # fmt: skip
def test_a_node_meets_a_constraint_by_its_features(constraint, is_met):
    assert meets(replace(NODE, features=frozenset({"nvlink", "a100"})), constraint) == is_met


@pytest.mark.parametrize(
    ("gpu", "said"),
    [
        (Gpu("NVIDIA H100", torch="13.2", driver="13.0"), ""),
        (Gpu(torch="13.2", driver="12.4", error="The NVIDIA driver on your system is too old"),
         "driver knows CUDA up to 12.4 and torch is built for 13.2: install torch for an older"),
        (Gpu(torch="13.2", driver="13.2", error="CUDA error: no kernel image is available"),
         "has no code for a GPU as old as this: install torch for an older CUDA"),
        (Gpu(torch="13.2", driver="", error="Found no NVIDIA driver on your system"),
         "has no NVIDIA driver"),
        (Gpu(torch="", driver="13.2", error="Torch not compiled with CUDA enabled"),
         "torch is built without CUDA"),
        (Gpu(torch="13.2", driver="13.2", error="out of memory"), "driver for 13.2: out of memory"),
    ],
)  # fmt: skip
def test_a_driver_too_old_for_the_build_of_torch_is_named_with_what_to_do(gpu, said):
    assert said in cuda_problem(gpu)
    assert bool(said) == bool(cuda_problem(gpu))


def test_a_partition_file_is_read_as_the_plugin_reads_it(tmp_path):
    file = tmp_path / "partitions.yaml"
    file.write_text(
        yaml.safe_dump({"partitions": {
            "quick": {"max_runtime": 120, "max_mem_mb": 4000},
            "gpu": {"max_runtime": "2-00:00:00", "max_gpu": 4},
        }})
    )  # fmt: skip
    profile = jobs(slurm_partition_config=str(file)).profile
    assert profile.partition(TRAIN) == "quick"
    assert profile.partition(GPU) == "gpu"
    assert profile.partition(replace(TRAIN, runtime=5 * 1440)) == ""
    assert replace(profile, defaults={"slurm_partition": "main"}).partition(TRAIN) == "main"


def test_the_commented_lines_of_the_profile_are_settings_that_exist():
    from snakemake.cli import get_argument_parser
    from snakemake_executor_plugin_slurm import ExecutorSettings

    lines = (ROOT / "slurm/config.yaml").read_text().splitlines()
    commented = {
        line[2:].partition(":")[0] for line in lines if line.startswith(("# slurm-", "# max-"))
    }
    assert commented == {
        "max-jobs-per-timespan", "slurm-efficiency-report", "slurm-exclude-failed-nodes",
        "slurm-partition-config", "slurm-qos", "slurm-reservation",
    }  # fmt: skip
    plugins = {f"slurm-{field.name.replace('_', '-')}" for field in fields(ExecutorSettings)}
    snakemakes = {
        word[2:] for action in get_argument_parser()._actions for word in action.option_strings
    }
    assert commented <= plugins | snakemakes
    read_profile(ROOT / "slurm")
