"""`wganbench run`: what Snakemake would make, in one process; it goes on where it stopped."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from conftest import ROOT
from experiment_files import EXAMPLE, SMALL, example, write

from wganbench import locks
from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.locks import writing
from wganbench.plan.steps import TRAIN
from wganbench.records.samples import read_samples, write_samples
from wganbench.report.site.files import page_files

TOYS = example(base=SMALL, grid=[{"method": ["wgan", "wgan-gp"]}])
PAIR = example(
    base=SMALL | {"data.name": "two-gaussians", "generator.name": "fixed"},
    grid=[{"method": "wgan-gp"}],
)
for name in ("generator.width",):
    del PAIR["base"][name]
WRITTEN = ("curves.parquet", "samples.npz", "networks.safetensors", "transport.parquet")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project's folder with two small experiments, as the working folder."""
    (tmp_path / "experiments").mkdir()
    write(tmp_path / "experiments", TOYS, "toys")
    write(tmp_path / "experiments", PAIR, "pair")
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def folders() -> dict[str, Path]:
    """Return the folders of runs by experiment and method."""
    found = Path("results/runs").glob("*/*")
    return {f"{f.parent.name}/{f.name.rpartition('-')[0]}": f for f in found}


def stamps() -> dict[str, int]:
    files = [f for f in Path("results/runs").rglob("*") if f.is_file()]
    return {str(f): f.stat().st_mtime_ns for f in files}


def mistake(err: str) -> str:
    """Return the one line of a mistake; training's progress may stand before it."""
    line = err.splitlines()[-1]
    assert line.startswith("wganbench: ")
    assert "Traceback" not in err
    return line


def test_every_file_is_the_one_that_the_single_commands_write(project, wganbench):
    assert wganbench("run", "toys", "pair", "--no-report")[0] == 0
    together = {name: folder.rename(project / name.replace("/", "-"))
                for name, folder in folders().items()}  # fmt: skip
    assert together.keys() == {"toys/wgan", "toys/wgan-gp", "pair/wgan-gp"}
    for line in wganbench("plan", "--json")[1].splitlines():
        run_id = json.loads(line)["id"]
        assert wganbench("train", run_id)[0] == 0
        assert wganbench("transport", run_id)[0] == 0
        if run_id.startswith("toys/"):
            assert wganbench("fidelity", run_id)[0] == 0
    for name, folder in folders().items():
        assert {f.name for f in folder.iterdir()} == {f.name for f in together[name].iterdir()}
        for file in WRITTEN:
            assert sha256_of(folder / file) == sha256_of(together[name] / file), (name, file)
        alone, beside = (json.loads((f / "run.json").read_text()) for f in (folder, together[name]))
        for facts in (alone, beside):
            del facts["timings"]
        assert alone == beside
    assert "fidelity.parquet" in {f.name for f in folders()["toys/wgan"].iterdir()}


def test_summary_and_report_are_those_of_the_single_commands_when_all_is_done(project, wganbench):
    code, out, _ = wganbench("run", "toys", "pair")
    assert code == 0
    assert "reports/index.html: 3 of the 3 runs of scale smoke are in it" in out
    pages = [f"reports/{page}" for page in page_files()]
    files = ["results/scales/smoke/summary.csv", "results/scales/smoke/claims.json", *pages]
    ours = [Path(file).read_bytes() for file in files]
    assert wganbench("summary")[0] == wganbench("claims")[0] == wganbench("report")[0] == 0
    theirs = [Path(file).read_bytes() for file in files]
    assert ours == theirs


def test_the_report_is_about_what_is_done(project, wganbench):
    code, out, _ = wganbench("run", "toys", "--only", "wgan-gp-*")
    assert code == 0
    assert folders().keys() == {"toys/wgan-gp"}
    assert "1 of the 3 runs" in out
    assert (
        pq.read_table("results/scales/smoke/summary.parquet")["id"].to_pylist()
        == [f"toys/{folders()['toys/wgan-gp'].name}"] * 2
    )


def test_of_an_unfinished_plan_the_rest_is_named_and_judged_by_whole_experiments(
    project, wganbench
):
    assert wganbench("run", "pair", "--no-report")[0] == 0
    assert wganbench("run", "toys", "--only", "wgan-[!g]*", "--no-report")[0] == 0
    assert wganbench("claims")[0] == 2
    for command in ("summary", "claims", "report"):
        code, _, err = wganbench(command, "--finished")
        assert code == 0
        assert re.fullmatch(r"toys: 1 of 2 runs are not done: wgan-gp-\w{8}\n", err)
    judged = json.loads(wganbench("claims", "--read", "--json")[1])["claims"]
    whole = [verdict["gates"][0] for verdict in judged if verdict["contexts"]]
    assert {gate["name"] for gate in whole} == {"whole"}
    assert {gate["worst"] for gate in whole if gate["passed"] < gate["contexts"]} == {0.5}
    index = re.sub(r"\s+", " ", Path("reports/index.html").read_text())
    assert "The plan is not finished" in index
    for page in page_files():
        assert (
            "1 experiment lacks runs, and nothing is judged by it"
            in Path("reports", page).read_text()
        )
    assert err.strip() in index


@pytest.mark.workflow
@pytest.mark.long  # the same three commands
def test_snakemakes_target_for_what_is_finished_makes_the_same_files(project, wganbench):
    for name in ("Snakefile", "pipelines", "profiles"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, project / name)
    assert wganbench("run", "pair")[0] == 0
    files = [Path("results/scales/smoke/claims.json"), Path("reports/index.html")]
    ours = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    command = [Path(sys.executable).with_name("snakemake"), "finished", "--cores", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [file.read_bytes() for file in files] == ours
    assert "toys: 2 of 2 runs are not done" in Path("logs/finished.log").read_text()


def test_where_nothing_is_done_there_is_nothing_to_report(project, wganbench):
    code, _, err = wganbench("claims", "--finished")
    assert code == 2
    assert mistake(err) == (
        "wganbench: no run of scale smoke is done; "
        "`wganbench status --scale smoke` tells where each stands"
    )
    assert not Path("results").exists()


def test_what_is_done_is_left_as_it_is(project, wganbench):
    wganbench("run", "toys", "--no-report")
    before = stamps()
    code, out, _ = wganbench("run", "toys", "--no-report")
    assert code == 0
    assert out.count("was done") == 2
    assert stamps() == before


def test_only_what_is_missing_or_stale_is_made_again(project, wganbench):
    wganbench("run", "toys", "--no-report")
    wgan, penalised = folders()["toys/wgan"], folders()["toys/wgan-gp"]
    record = json.loads((wgan / "run.json").read_text())
    record["provenance"]["code_digest"] = "0" * 16
    (wgan / "run.json").write_text(json.dumps(record))
    (penalised / "fidelity.parquet").unlink()
    _, out, _ = wganbench("run", "toys", "--no-report")
    told = dict(line.split("] ")[1].split(": ", 1) for line in out.splitlines())
    assert told[f"toys/{wgan.name}"].startswith(
        "trained, measured fidelity, measured transport in "
    )
    assert told[f"toys/{penalised.name}"].startswith("measured fidelity in ")


@pytest.mark.parametrize("shift", [-1e6, 0, 1e6])
def test_distances_of_other_samples_are_measured_again_whatever_the_clock_says(
    project, wganbench, shift
):
    wganbench("run", "pair", "--no-report")
    (folder,) = folders().values()
    samples = read_samples(folder / "samples.npz")
    write_samples(replace(samples, generated=samples.generated + 1), folder / "samples.npz")
    then = (folder / "transport.parquet").stat().st_mtime + shift
    os.utime(folder / "samples.npz", (then, then))
    assert "measured transport" in wganbench("run", "pair", "--no-report")[1]
    assert "was done" in wganbench("run", "pair", "--no-report")[1]


def test_a_clock_that_jumps_makes_nothing_anew(project, wganbench):
    wganbench("run", "pair", "--no-report")
    for path in [p for name in ("data", "results") for p in Path(name).rglob("*") if p.is_file()]:
        then = path.stat().st_mtime + (1e6 if path.suffix in (".npz", ".json") else -1e6)
        os.utime(path, (then, then))
    assert "was done" in wganbench("run", "pair", "--no-report")[1]


def test_a_run_that_fails_leaves_the_others_be_and_the_same_command_goes_on(
    project, wganbench, monkeypatch
):
    from wganbench.training import train as training

    original = training.train_run

    def failing(run, *arguments, **keywords):
        if run.configuration.method == "wgan":
            raise UserError("device: the GPU fell off the bus")
        return original(run, *arguments, **keywords)

    monkeypatch.setattr(training, "train_run", failing)
    code, out, err = wganbench("run", "toys")
    assert code == 2
    assert "failed: device: the GPU fell off the bus" in out
    assert mistake(err).startswith("wganbench: 1 of 2 runs failed, as told above: toys/wgan-")
    assert [name for name in folders() if (folders()[name] / "run.json").exists()] == [
        "toys/wgan-gp"
    ]
    monkeypatch.setattr(training, "train_run", original)
    before = stamps()
    code, out, _ = wganbench("run", "toys", "--no-report")
    assert code == 0
    assert out.count("was done") == 1
    assert before.items() <= stamps().items()


def test_a_measurement_that_fails_is_made_up_for_without_training_again(
    project, wganbench, monkeypatch
):
    from wganbench.transport import measure

    original = measure.measure
    monkeypatch.setattr(measure, "measure", lambda *_: (_ for _ in ()).throw(
        UserError("the solver stopped short")))  # fmt: skip
    assert wganbench("run", "pair")[0] == 2
    monkeypatch.setattr(measure, "measure", original)
    _, out, _ = wganbench("run", "pair", "--no-report")
    assert ": measured transport in" in out


def test_a_run_that_another_process_is_writing_is_left_to_it(project, wganbench, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", 0.1)
    run_id = json.loads(wganbench("plan", "pair", "--json")[1])["id"]
    with writing(run_id, TRAIN.locks):
        code, out, err = wganbench("run", "pair")
    assert code == 2
    assert "is writing this run's files" in out
    assert mistake(err)
    assert not Path("results/runs").exists()


def test_damaged_data_are_written_anew_before_anything_is_trained(project, wganbench):
    wganbench("data", "8gaussians")
    path = Path("data/8gaussians.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert wganbench("run", "toys", "--only", "wgan-gp-*", "--no-report")[0] == 0
    assert path.read_bytes() == whole
    assert np.load(path)["train"].shape == (100_000, 2)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "tois"], "experiment 'tois' is unknown; did you mean 'toys'?"),
        (["run", "toys", "--only", "x*"], "--only: 'x*' matches none of the 2 runs"),
        (["run", "toys", "--scale", "gpu"], "toys: no runs are planned at scale gpu"),
        (["run", "toys", "--device", "tpu"], "--device: 'tpu' is unknown"),
        (["run"], "experiments"),
        (["run", "images"], "fashion-mnist"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_trained(project, wganbench, arguments, expected):
    write(project / "experiments", EXAMPLE | {"base": {
        "data.name": "image-folder", "data.folder": "fashion-mnist-pictures",
        "generator.name": "dcgan", "critic.name": "dcgan", "iterations": 3,
    }}, "images")  # fmt: skip
    code, out, err = wganbench(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert expected in mistake(err)
    assert not Path("results").exists()
    shutil.rmtree("data", ignore_errors=True)


@pytest.mark.parametrize("file", ["networks.safetensors", "curves.parquet", "samples.npz"])
def test_verify_knows_what_training_left_without_dvc(file, project, wganbench):
    assert wganbench("run", "toys", "--no-report")[0] == 0
    assert wganbench("verify")[0] == 0
    one, other = folders().values()
    content = bytearray((one / file).read_bytes())
    shutil.copyfile(other / file, one / file)
    code, out, _ = wganbench("verify")
    assert code == 1
    assert f"{one / file}: has other bytes than run.json says; train again" in out
    content[len(content) // 2] ^= 1
    (one / file).write_bytes(content)
    code, out, _ = wganbench("verify")
    assert code == 1
    assert f"{one / file}: " in out
