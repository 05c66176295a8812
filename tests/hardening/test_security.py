"""What could run somebody else's code, reach the network or tell a secret: it is not there."""

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from experiment_files import example, write

from hardening.projects import Outcome, command
from wganbench.fidelity import inception
from wganbench.plan.experiment import NAME
from wganbench.plan.params import load_params

pytestmark = pytest.mark.hardening

SOURCES = sorted((ROOT / "wganbench").rglob("*.py"))
UNPICKLING = {"pickle", "cPickle", "dill", "shelve", "marshal", "joblib", "cloudpickle"}
NETWORKING = {"socket", "ssl", "urllib", "http", "requests", "httpx", "ftplib", "aiohttp"}
SOCKETS = {"client.py", "server.py", "messages.py"}  # in wganbench/jobs/
RUNNING = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "commands.getoutput"}
RULES = [ROOT / "Snakefile", *sorted((ROOT / "pipelines").glob("*.smk"))]


def calls(tree: ast.AST):
    """Yield every call with the dotted name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), {k.arg: ast.unparse(k.value) for k in node.keywords}


def imports(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def dangers(source: str) -> list[str]:
    """Return what in a module could run code that comes with data."""
    tree = ast.parse(source)
    roots = (name.partition(".")[0] for name in imports(tree) if name != "urllib.parse")
    found = [f"imports {root}" for root in roots if root in UNPICKLING | NETWORKING]
    for name, given in calls(tree):
        last = name.rpartition(".")[2]
        if name in RUNNING or given.get("shell", "False") != "False":
            found.append(name)
        if name == "torch.load" and given.get("weights_only") != "True":
            found.append(name)
        if name in ("np.load", "numpy.load", "read_array", "write_array") and (
            given.get("allow_pickle") != "False"
        ):
            found.append(name)
        if name.startswith("yaml.") and last in ("unsafe_load", "full_load", "load_all"):
            found.append(name)
        if name in ("pd.read_pickle", "DataFrame.to_pickle") or last in (
            "read_pickle",
            "to_pickle",
        ):
            found.append(name)
        if name == "tempfile.mktemp" or last == "extractall":
            found.append(name)
    return found


def test_the_search_for_dangers_finds_each():
    assert dangers("import pickle.x\nfrom joblib import load\nimport socket") == [
        "imports pickle", "imports joblib", "imports socket"
    ]  # fmt: skip
    for code in (
        "eval(x)", "exec(x)", "os.system(x)", "subprocess.run(x, shell=True)", "torch.load(f)",
        "torch.load(f, weights_only=False)", "np.load(f)", "np.load(f, allow_pickle=True)",
        "read_array(f)", "yaml.unsafe_load(f)", "pd.read_pickle(f)", "tempfile.mktemp()",
        "archive.extractall(f)",
    ):  # fmt: skip
        assert len(dangers(code)) == 1, code


@pytest.mark.parametrize(
    "path", SOURCES, ids=lambda p: p.relative_to(ROOT / "wganbench").as_posix()
)
def test_no_module_unpickles_evaluates_starts_a_shell_or_opens_a_socket(path):
    found = dangers(path.read_text())
    # Jobs and their server talk, on this machine alone: see the next test.
    assert found == (["imports socket"] if path.name in SOCKETS and found else [])


def test_sockets_of_jobs_are_those_of_this_machine():
    assert {path.name for path in SOURCES if "import socket" in path.read_text()} == SOCKETS
    made = [
        (name, ast.unparse(node.args[0]) if node.args else "")
        for path in SOURCES
        if path.name in SOCKETS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for name in [ast.unparse(node.func)]
        if name.startswith("socket.")
    ]
    families = [argument for name, argument in made if name == "socket.socket"]
    assert families == ["socket.AF_UNIX"]
    assert {name for name, _ in made} == {"socket.socket", "socket.send_fds", "socket.recv_fds"}


def test_yaml_is_read_by_a_safe_loader_only():
    loaders = [
        (path.name, ast.unparse(node.args[1]))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "yaml.load"
    ]
    from yaml import SafeLoader

    from wganbench.plan.yaml_files import _Loader

    assert loaders == [("yaml_files.py", "_Loader")]
    assert issubclass(_Loader, SafeLoader)


def shells(text: str) -> list[str]:
    """Return the command of every rule."""
    tree = re.findall(r'^( +)shell:\n((?:\1    ".*"\n)+)', text, re.M)
    return ["".join(re.findall(r'"(.*)"', block)) for _, block in tree]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_every_name_in_a_rules_command_is_quoted(path):
    text = path.read_text()
    found = shells(text)
    assert len(found) == len(re.findall(r"^ +shell:", text, re.M))
    assert not re.findall(r"^\s+(run|script):", text, re.M)
    for line in found:
        free = [f for f in re.findall(r"(?<!{){([^{}]+)}", line) if not f.endswith(":q")]
        # One of four words, and one of two: params.yaml's schema lets no other through. A step's
        # name is one of ours.
        assert set(free) <= {"params.scale", "params.step", "resources.device"}, line


HOSTILE = ["$(touch x)", "a;touch x", "-rf", "a b", "a'b", 'a"b', "a\nb", "../x", "a|b", "é", ""]


# No variant is the usual one, and `-rf` stands behind the method's name, where it is harmless.
NAMED = [
    (key, name)
    for key in ("method", "variant", "data.folder", "scale", "device")
    for name in HOSTILE
    if (key, name) not in (("variant", ""), ("variant", "-rf"))
]


@pytest.mark.parametrize(("key", "name"), NAMED)
def test_no_name_that_a_shell_would_read_gets_into_a_command(tmp_path, monkeypatch, key, name):
    monkeypatch.chdir(tmp_path)
    Path("experiments").mkdir()
    params = {"scale": "smoke", "device": "cpu"}
    content = example()
    if key in params:
        params[key] = name
    elif key == "method":
        content["grid"] = [{"method": name}]
    else:
        images = {"data.name": "image-folder", "data.folder": "flowers", "generator.name": "dcgan",
                  "critic.name": "dcgan"}  # fmt: skip
        content["base"] |= images | {key: name}
    write(Path("experiments"), content)
    Path("params.yaml").write_text("".join(f"{k}: {v!r}\n" for k, v in params.items()))
    done = command("plan")
    assert done.code == 2
    assert key in done.err
    assert not Path("x").exists()


def test_every_id_of_every_scale_is_one_word_to_a_shell():
    for scale in ("smoke", "laptop", "gpu", "paper"):
        for run in load_params(scale, ROOT / "params.yaml").all_runs():
            assert NAME.fullmatch(run.experiment)
            assert re.fullmatch(r"[A-Za-z0-9.-]+", run.name)
            assert re.fullmatch(r"[a-z0-9][A-Za-z0-9_.-]*", run.configuration.data.id)


def test_snakemake_quotes_a_hostile_file_of_a_pair(tmp_path):
    """The only free text that reaches a path: Snakemake prints what it would run."""
    for name in ("Snakefile", "pipelines", "requirements.lock"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "experiments").mkdir()
    hostile = "a';touch x;$(touch x)&.npz"
    (tmp_path / hostile).write_bytes(b"")
    base = {"data.name": "funnels", "data.dim": 2, "data.file": hostile, "generator.name": "fixed"}
    write(tmp_path / "experiments", example(base=base, grid=[{"method": "wgan"}]))
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "-n", "-p", "--cores", "1"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    commands = [line for line in done.stdout.splitlines() if "wganbench data" in line]
    assert len(commands) == 1
    assert re.search(r"wganbench data funnels-[A-Za-z0-9.-]+ --scale smoke > logs/", commands[0])
    assert not (tmp_path / "x").exists()


def go_offline(patch: pytest.MonkeyPatch) -> None:
    """Let no socket open."""

    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    patch.setattr(socket, "socket", refuse)
    patch.setattr(socket, "create_connection", refuse)
    patch.setattr(socket, "getaddrinfo", refuse)


SECRET = "s3cr3t-" + "0123456789abcdef"


@pytest.fixture(scope="module")
def made_anew(finished, tmp_path_factory) -> tuple[Path, dict[tuple[str, ...], Outcome]]:
    """Return a folder in which every command was run, offline and beside secrets, and its words."""
    folder = shutil.copytree(finished, tmp_path_factory.mktemp("made anew") / "project")
    with pytest.MonkeyPatch.context() as patch:
        go_offline(patch)
        patch.setenv("FAKE_SECRET_TOKEN", SECRET)
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patch.chdir(folder)
        runs = load_params().all_runs()
        law = next(run for run in runs if run.experiment == "laws").id
        images = next(run for run in runs if run.experiment == "images").id
        commands = (
            ("plan",), ("data", "8gaussians"), ("data", "digits"), ("extractor", "digits"),
            ("train", law), ("transport", law), ("fidelity", law), ("train", images),
            ("fidelity", images), ("nets", images), ("summary",), ("claims",), ("report",),
            ("status",), ("verify",),
        )  # fmt: skip
        return folder, {words: command(*words) for words in commands}


def test_nothing_but_a_download_that_is_asked_for_opens_a_socket(made_anew):
    _, done = made_anew
    assert not {words: outcome.err for words, outcome in done.items() if outcome.code}


@pytest.mark.parametrize("data", ["mnist", "fashion-mnist"])
def test_a_missing_set_is_not_fetched_unasked(tmp_path, monkeypatch, data):
    from wganbench.data.mnist import FashionMNIST

    go_offline(monkeypatch)
    monkeypatch.setattr(FashionMNIST, "installed", ())
    monkeypatch.chdir(tmp_path)
    Path("experiments").mkdir()
    Path("params.yaml").write_text("scale: smoke\n")
    nets = {"generator.name": "dcgan", "critic.name": "dcgan", "data.name": data}
    write(Path("experiments"), example(base=nets))
    done = command("data", f"{data}-size32")
    assert done.code == 2
    assert "is missing; " in done.err
    assert "--download" in done.err


def test_weights_with_the_right_first_digits_are_not_unpickled(tmp_path, monkeypatch):
    """Eight digits can be forged; the file would be read with pickle."""
    forged = tmp_path / "weights.pth"
    forged.write_bytes(b"\x80\x04.")
    monkeypatch.setenv(inception.VARIABLE, str(forged))
    fake = inception.INCEPTION_SHA256[:8] + "0" * 56
    monkeypatch.setattr(inception, "sha256_of", lambda _: fake)
    with pytest.raises(inception.UserError, match="has sha256 6726825d00000000"):
        inception.find_weights()


def test_no_secret_of_the_environment_gets_into_a_file(made_anew):
    """A whole training and report, with a secret in the environment."""
    folder, done = made_anew
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert len(written) > 10
    assert not [path for path in written if SECRET.encode() in path.read_bytes()]
    assert not [words for words, said in done.items() if SECRET in said.out + said.err]


def test_the_environment_is_read_by_name_only():
    """A few names are read; the rest is handed on to child processes and written nowhere."""
    read = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "os.environ":
                read.add(path.relative_to(ROOT / "wganbench").as_posix())
    assert read == {
        "fidelity/inception.py",  # WGANBENCH_INCEPTION
        "training/process.py",  # CUBLAS_WORKSPACE_CONFIG, set
        "transport/pot.py",  # POT_BACKEND_DISABLE_*, set
        "jobs/start.py",  # WGANBENCH_SERVER, WGANBENCH_USAGE
        "jobs/client.py",  # handed on to the server, a process of the same user
        "jobs/server.py",  # compared with a job's; JE_ARROW_MALLOC_CONF, set
        "operations/recover.py",  # SNAKEMAKE_PROFILE
        "operations/slurm_node.py",  # SLURMD_NODENAME
        "operations/verify.py",  # handed on to DVC
    }
