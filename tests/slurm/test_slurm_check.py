"""`wganbench slurm check` on a real Slurm."""

import shlex
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from slurm.workflow import plain_path
from wganbench.errors import UserError
from wganbench.operations import slurm_probe
from wganbench.operations.slurm_check import check_slurm, print_findings
from wganbench.operations.slurm_profile import Needs
from wganbench.operations.slurm_site import gpus_of, minutes_of

pytestmark = pytest.mark.slurm
TRAIN = Needs("train", threads=1, mem_mb=2000, runtime=30)


def checked(folder: Path, *needs: Needs, seconds: float = 0, **changes: object) -> dict[str, tuple]:
    """Return state and note by name, with the real profile but for some changes."""
    settings = yaml.safe_load((ROOT / "slurm/config.yaml").read_text())
    settings["default-resources"] |= changes.pop("default_resources", {})
    settings |= {key.replace("_", "-"): value for key, value in changes.items()}
    (folder / "slurm").mkdir(exist_ok=True)
    (folder / "slurm/config.yaml").write_text(yaml.safe_dump(settings))
    found = check_slurm(folder / "slurm", folder, needs or [TRAIN], seconds)
    return {row.name: (row.state, row.note) for row in found}


@plain_path
def test_the_profile_as_it_is_suits_a_site_with_a_default_partition(slurm, tmp_path):
    found = checked(tmp_path, seconds=60)
    assert {state for state, _ in found.values()} == {"ok"}, found
    assert found["default partition"] == ("ok", "main, 2 nodes")
    assert found["test job"][1].startswith(("node1 sees", "node2 sees"))
    assert not list((tmp_path / ".snakemake").iterdir())


def test_a_partition_that_does_not_exist_is_missing_and_those_that_do_are_named(slurm, tmp_path):
    state, note = checked(tmp_path, default_resources={"slurm_partition": "gpuu"})["partition gpuu"]
    assert state == "missing"
    assert "one of gres, lost, main, quality, short, spot, urgent" in note


@pytest.mark.parametrize(
    ("partition", "profile", "state", "said"),
    [
        ("spot", {}, "missing", "set slurm-requeue: true in place of slurm-no-requeue"),
        ("spot", {"slurm_requeue": True}, "ok", "REQUEUE"),
        ("lost", {"slurm_requeue": True}, "missing", "take another partition, or workers"),
    ],
)
def test_a_partition_whose_jobs_give_way_needs_a_profile_that_lets_them_come_back(
    slurm, tmp_path, partition, profile, state, said
):
    found = checked(tmp_path, default_resources={"slurm_partition": partition}, **profile)
    assert found[f"preemption in {partition}"][0] == state
    assert said in found[f"preemption in {partition}"][1]


def test_an_account_where_the_site_keeps_none_does_no_harm(slurm, tmp_path):
    found = checked(tmp_path, seconds=60, default_resources={"slurm_account": "me"})
    assert found["account"] == ("ok", "the site keeps none; slurm_account changes nothing")
    assert found["test job"][0] == "ok"


@pytest.mark.parametrize(
    ("need", "lack"),
    [
        (Needs("train", threads=9, mem_mb=1, runtime=1), "9 CPUs"),
        (Needs("train", threads=1, mem_mb=16001, runtime=1), "16001 MiB"),
        (Needs("train", threads=1, mem_mb=1, runtime=6), "6 minutes"),
        (Needs("train", threads=1, mem_mb=1, runtime=1, gpu=3), "3 GPU"),
    ],
)
def test_a_job_too_large_for_its_partition_is_missing(slurm, tmp_path, need, lack):
    found = checked(tmp_path, need, default_resources={"slurm_partition": "short"})
    state, note = found["jobs of train"]
    assert state == "missing"
    assert f"no node of short offers {lack}" in note


def test_a_job_whose_last_retry_is_too_large_is_told(slurm, tmp_path):
    need = Needs("train", threads=1, mem_mb=100, runtime=5)
    state, note = checked(tmp_path, need, default_resources={"slurm_partition": "short"})[
        "jobs of train"
    ]
    assert state == "unknown"
    assert "a retry asks for 300 MiB and 15 minutes, which nobody offers" in note


def test_a_rules_own_partition_and_gpu_type_count(slurm, tmp_path):
    need = Needs("train", threads=1, mem_mb=1, runtime=1, gpu=2)
    rule = {"slurm_partition": "short", "gpu_model": "fake"}
    assert checked(tmp_path, need, set_resources={"train": rule})["jobs of train"][0] == "ok"
    rule["gpu_model"] = "a100"
    state, note = checked(tmp_path, need, set_resources={"train": rule})["jobs of train"]
    assert state == "missing"
    assert "2 GPU of type a100 (there are fake)" in note


def test_a_partition_that_takes_one_qos_wants_it_named(slurm, tmp_path):
    there = {"slurm_partition": "quality"}
    state, note = checked(tmp_path, default_resources=there)["QOS in quality"]
    assert state == "missing"
    assert "takes jobs of high alone: set qos" in note
    named = checked(tmp_path, default_resources=there | {"qos": "high"})["QOS high in quality"]
    assert named == ("ok", "the site keeps none; it changes nothing")


def test_a_constraint_is_met_by_a_nodes_features(slurm, tmp_path):
    found = checked(tmp_path, default_resources={"constraint": "fake&fast"})
    assert found["constraint fake&fast"] == ("ok", "2 of 2 nodes of main")
    assert found["jobs of train"][0] == "ok"
    found = checked(tmp_path, default_resources={"constraint": "infiniband"})
    state, note = found["constraint infiniband"]
    assert state == "missing"
    assert "no node of main has such features (its nodes have fake, fast)" in note
    assert "Slurm would not take it now" in found["jobs of train"][1]


@pytest.fixture
def reserved(slurm):
    """Yield a function that reserves a CPU from some time on, and take its reservations back."""
    made = []

    def reserve(name: str, start: str, minutes: int) -> None:
        scontrol(
            "create", "reservation", f"ReservationName={name}", f"StartTime={start}",
            f"Duration={minutes}", "Users=root", "NodeCnt=1", "CoreCnt=1", "PartitionName=main",
        )  # fmt: skip
        made.append(name)

    yield reserve
    for name in made:
        scontrol("delete", f"ReservationName={name}")


def scontrol(*words: str) -> None:
    subprocess.run(["scontrol", *words], check=True, capture_output=True, text=True, timeout=30)


@plain_path
def test_a_reservation_has_to_exist_to_be_open_and_to_last(reserved, tmp_path):
    reserved("course", "now", 60)
    reserved("later", "now+1hour", 60)

    def row(name: str, runtime: int = 30, seconds: float = 0) -> dict[str, tuple]:
        need = Needs("train", threads=1, mem_mb=2000, runtime=runtime)
        return checked(tmp_path, need, seconds=seconds, slurm_reservation=name)

    found = row("course", seconds=60)
    assert found["reservation course"][0] == "ok"
    assert found["test job"][0] == "ok"  # it ran there
    assert "a job of 90 minutes" in row("course", runtime=90)["reservation course"][1]
    state, note = row("later")["reservation later"]
    assert state == "unknown"
    assert note.startswith("begins at ")
    state, note = row("corse")["reservation corse"]
    assert state == "missing"
    assert "one of course, later" in note


def test_more_jobs_at_once_than_the_controller_holds_are_missing(slurm, tmp_path):
    state, note = checked(tmp_path, jobs=6000)["jobs at once"]
    assert state == "missing"
    assert note.startswith("6000; the site's controller takes 5000: set jobs: 5000")


def test_a_site_that_takes_gres_alone_is_found_out_with_what_to_set(slurm, tmp_path):
    need = Needs("train", threads=1, mem_mb=1, runtime=1, gpu=1)
    rule: dict[str, object] = {"slurm_partition": "gres"}
    state, note = checked(tmp_path, need, set_resources={"train": rule})["jobs of train"]
    assert state == "missing"
    assert "takes --gres, and not --gpus (" in note
    assert "set-resources: train: gres: gpu:1 and gpu: 0" in note
    rule |= {"gres": "gpu:1", "gpu": 0}
    assert checked(tmp_path, need, set_resources={"train": rule})["jobs of train"][0] == "ok"


def test_what_slurm_itself_would_refuse_is_told_in_its_words(slurm, tmp_path):
    found = checked(tmp_path, default_resources={"slurm_extra": "--nodelist=nowhere"})
    state, note = found["jobs of train"]
    assert state == "unknown"
    assert "Slurm would not take it now: " in note


def test_a_resource_that_the_plugin_does_not_read_is_told(tmp_path):
    found = checked(tmp_path, default_resources={"slurm_qos": "high"})
    assert found["resource slurm_qos"][0] == "missing"
    assert "write qos in" in found["resource slurm_qos"][1]


@plain_path
def test_locks_that_do_not_hold_on_a_compute_node_are_found_out_by_a_real_job(
    slurm, tmp_path, monkeypatch
):
    monkeypatch.setattr(slurm_probe, "writing", lambda *_: nullcontext())  # as if it held here only
    state, note = checked(tmp_path, seconds=60)["test job"]
    assert state == "missing"
    assert "does not keep a compute node out" in note


def test_a_gpu_without_cuda_is_found_out_by_a_real_job(slurm, tmp_path):
    need = Needs("train", threads=1, mem_mb=1, runtime=5, gpu=1)
    state, note = checked(tmp_path, need, seconds=60)["test job with GPU"]
    assert state == "missing"
    assert "has no NVIDIA driver" in note


def test_a_folder_that_compute_nodes_do_not_see_is_found_out(slurm, tmp_path):
    # A mount of this process tree alone: the node has another, empty folder in that place.
    check = f"""
from pathlib import Path
from wganbench.errors import UserError
from wganbench.operations import slurm_probe
slurm_probe.NETWORK_SECONDS = 1
try:
    slurm_probe.probe(Path({str(tmp_path)!r}), [], "cpu", 60)
except UserError as error:
    print(error)
"""
    script = f"mount -t tmpfs none {tmp_path} && exec {shlex.join([sys.executable, '-c', check])}"
    command = ["unshare", "--mount", "sh", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this machine lets no process have a mount of its own")
    assert f"a compute node does not see {tmp_path}" in done.stdout


def test_a_python_whose_path_has_a_space_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/a folder/bin/python")
    state, note = checked(tmp_path)["python"]
    assert state == "missing"
    assert "without a space" in note


def test_sacct_without_slurmdbd_is_missing(slurm, tmp_path):
    state, note = checked(tmp_path, slurm_status_command="sacct")["job status"]
    assert state == "missing"
    assert "set squeue" in note


def test_without_slurms_commands_the_check_says_so_and_goes_no_further(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = checked(tmp_path, seconds=60)
    assert found["commands"][0] == "missing"
    assert found["everything else"][0] == "unknown"


def test_a_profile_that_is_none_is_a_mistake_with_its_file(tmp_path):
    (tmp_path / "config.yaml").write_text("executor: local\n")
    with pytest.raises(UserError, match=r"config\.yaml: executor: .local. is not slurm"):
        check_slurm(tmp_path, tmp_path, [])
    with pytest.raises(UserError, match="absent: cannot be read"):
        check_slurm(tmp_path / "absent", tmp_path, [])


@plain_path
def test_the_table_says_what_to_do(slurm, tmp_path, capsys):
    settings = ROOT / "slurm"
    assert print_findings(check_slurm(settings, tmp_path, [TRAIN], seconds=0))
    assert "default partition" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("limit", "minutes"),
    [
        ("5:00", 5), ("30:00", 30), ("1:00:00", 60), ("2-00:00:00", 2880), ("1-12", 2160),
        ("90", 90), ("infinite", float("inf")), ("n/a", float("inf")),
    ],
)  # fmt: skip
def test_slurms_times_are_read_in_minutes(limit, minutes):
    assert minutes_of(limit) == minutes


@pytest.mark.parametrize(
    ("gres", "gpus"),
    [
        ("gpu:fake:2", {"fake": 2}), ("gpu:4", {"": 4}), ("gpu", {"": 1}), ("(null)", {}),
        ("gpu:a100:4(S:0-1),gpu:1g.5gb:7,shard:8", {"a100": 4, "1g.5gb": 7}),
    ],
)  # fmt: skip
def test_gpus_are_counted_by_type(gres, gpus):
    assert gpus_of(gres) == gpus
