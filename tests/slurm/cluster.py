"""A Slurm of two nodes on loopback: the real daemons, eight declared CPUs, two fake GPUs each."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from debian import SBIN

from slurm.daemons import daemon, end, identity, is_alive, job_processes, kill
from slurm.installation import NoSlurmError, ensure_slurm

PREFIX = "wganbench-slurm-"
# Jobs lose SLURM_CONF, so the configuration has to be where Slurm looks by itself.
ETC = Path("/etc/slurm")
FILES = ("slurm.conf", "gres.conf", "job_submit.lua")
NODES = ("node1", "node2")
START_SECONDS = 40
CPUS = 8
GPUS = 2

SLURM_CONF = """\
ClusterName={name}
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/builtin
KillWait=5
SlurmdTimeout=20
MinJobAge=3600
MaxJobCount=5000
JobSubmitPlugins=lua
ReturnToService=2
SlurmdParameters=config_overrides
GresTypes=gpu
NodeName=DEFAULT CPUs={cpus} RealMemory=16000 Gres=gpu:fake:{gpus} Feature=fake,fast State=UNKNOWN
{nodes}
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
PartitionName=DEFAULT Nodes=ALL LLN=YES DefMemPerCPU=500 State=UP MaxTime=INFINITE PreemptMode=OFF
PartitionName=main Default=YES
PartitionName=short MaxTime=00:05:00
PartitionName=spot PreemptMode=REQUEUE
PartitionName=lost PreemptMode=CANCEL
PartitionName=urgent PriorityTier=10
PartitionName=quality AllowQos=high
PartitionName=gres
"""
NODE = "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port}"
GRES_CONF = "NodeName={names} Name=gpu Type=fake File={folder}/gpu[0-{last}]\n"
# As sites do that count GPUs by --gres alone; here in one partition.
JOB_SUBMIT = """\
function slurm_job_submit(job, partitions, user)
    if job.partition == "gres" and job.tres_per_job ~= nil then
        slurm.log_user("GPUs by --gres, please")
        return slurm.ERROR
    end
    return slurm.SUCCESS
end

function slurm_job_modify(job, record, partitions, user)
    return slurm.SUCCESS
end

return slurm.SUCCESS
"""


class Cluster:
    """The daemons of one cluster and the folder that holds all of their files."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        # Processes of its jobs carry the cluster's name in their environment.
        self.name = self.folder.name.replace("-", "").replace("_", "").lower()

    def start(self) -> None:
        """Start the daemons and wait until the nodes take jobs."""
        self.folder.chmod(0o755)  # munged, another user, must reach its own folder
        (self.folder / "owner").write_text(identity(os.getpid()))
        self._write_configuration()
        self._start_munge()
        for name in FILES:
            (ETC / name).symlink_to(self.folder / name)
        self._run("slurmctld", "-c")
        for node in NODES:
            self._run("slurmd", "-N", node)
        self.wait_until_idle()

    def stop(self) -> None:
        """Cancel all jobs, end the daemons by their pids, and remove every trace."""
        clean(self.folder, self.name)

    def kill_node(self, node: str) -> None:
        """Let a node die: everything on it at once, so that nobody tells the controller."""
        kill(self._processes_on(node))

    def halt_node(self, node: str) -> None:
        """Let a node hang: nothing on it goes on, and nothing ends."""
        for process in self._processes_on(node):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()

    def start_node(self, node: str, mount: str = "") -> None:
        """Start a node that has died, after a shell's command in file systems of its own."""
        within = ("unshare", "--mount", "sh", "-ec", f'{mount}\nexec "$@"', "sh")
        self._run(*(within if mount else ()), "slurmd", "-N", node)

    def on_node(self, node: str, *command: str) -> str:
        """Return what a command prints that sees the file systems of a node."""
        pid = (self.folder / f"{node}.pid").read_text().strip()
        within = ["nsenter", f"--mount=/proc/{pid}/ns/mnt", *command]
        return subprocess.run(within, check=True, capture_output=True, text=True).stdout

    def kill_controller(self) -> None:
        """Let the controller die."""
        kill([daemon(self.folder / "slurmctld.pid")])

    def start_controller(self) -> None:
        """Start the controller again, with what it has written down of jobs and nodes."""
        self._run("slurmctld")

    def repair(self, node: str) -> None:
        """Make the cluster as it was at its start, node and controller, without jobs."""
        if not daemon(self.folder / "slurmctld.pid"):
            self.start_controller()
        subprocess.run(["scancel", "--me"], capture_output=True, timeout=60)
        self.kill_node(node)
        self.start_node(node)
        resume = ["scontrol", "update", f"NodeName={node}", "State=RESUME"]
        subprocess.run(resume, capture_output=True, timeout=60)  # refused where the node is well
        self.wait_until_idle()

    def states(self) -> dict[str, str]:
        """Return the nodes' states by their names, in Slurm's words; none while it is silent."""
        command = ["sinfo", "-h", "-N", "-p", "main", "-o", "%N %T"]
        done = subprocess.run(command, capture_output=True, text=True)
        return dict(line.split() for line in done.stdout.splitlines())

    def wait_until_idle(self) -> None:
        """Return when both nodes take jobs and have none."""
        until = time.monotonic() + 3 * START_SECONDS
        while (states := self.states()) != dict.fromkeys(NODES, "idle"):
            if time.monotonic() > until:
                raise RuntimeError(f"the nodes are {states}, not idle\n{self._logs()}")
            time.sleep(0.1)

    def _processes_on(self, node: str) -> list[psutil.Process]:
        found = daemon(self.folder / f"{node}.pid")
        return [*([found] if found else []), *job_processes(self.name, node)]

    def _write_configuration(self) -> None:
        for name in ("state", *(f"spool-{node}" for node in NODES)):
            (self.folder / name).mkdir()
        for gpu in range(GPUS):  # Slurm wants a device file; /dev/null's numbers will do
            os.mknod(self.folder / f"gpu{gpu}", 0o600 | 0o020000, os.makedev(1, 3))
        host = socket.gethostname().partition(".")[0]
        port, *ports = _free_ports(1 + len(NODES))
        nodes = [
            NODE.format(name=name, host=host, port=port)
            for name, port in zip(NODES, ports, strict=True)
        ]
        values = {
            "name": self.name, "host": host, "folder": self.folder, "port": port,
            "nodes": "\n".join(nodes), "names": ",".join(NODES),
            "cpus": CPUS, "gpus": GPUS, "last": GPUS - 1,
        }  # fmt: skip
        (self.folder / "slurm.conf").write_text(SLURM_CONF.format(**values))
        (self.folder / "gres.conf").write_text(GRES_CONF.format(**values))
        (self.folder / "job_submit.lua").write_text(JOB_SUBMIT)
        ETC.mkdir(exist_ok=True)

    def _start_munge(self) -> None:
        folder = self.folder / "munge"
        folder.mkdir(mode=0o755)
        (folder / "key").write_bytes(os.urandom(128))
        (folder / "key").chmod(0o600)
        for path in (folder, folder / "key"):
            shutil.chown(path, "munge", "munge")
        self._run(
            "setpriv", "--reuid", "munge", "--regid", "munge", "--clear-groups", "munged",
            f"--socket={folder}/socket", f"--key-file={folder}/key",
            f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log",
            f"--seed-file={folder}/seed",
        )  # fmt: skip

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            command, env=os.environ | {"PATH": f"{os.environ['PATH']}:{SBIN}"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, timeout=START_SECONDS, cwd=self.folder,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stderr[-1000:]}\n{self._logs()}")

    def _logs(self) -> str:
        logs = [*self.folder.glob("*.log"), *self.folder.glob("munge/*.log")]
        return "\n".join(f"{log.name}: {log.read_text()[-2000:]}" for log in logs)


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Yield a running cluster and tear it down.

    Raises:
        NoSlurmError: none can run on this machine.
    """
    ensure_slurm()
    remove_leftovers()
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def remove_leftovers() -> None:
    """Clear away the cluster of a killed earlier run.

    Raises:
        NoSlurmError: the machine has a Slurm that is not ours, or another session uses ours.
    """
    for path in (ETC / name for name in FILES):
        if not path.is_symlink():
            if path.exists():
                raise NoSlurmError(f"this machine has a Slurm of its own, {path}")
            continue
        folder = path.readlink().parent
        if not folder.name.startswith(PREFIX):
            raise NoSlurmError(f"this machine has a Slurm of its own, {path}")
        owner = folder / "owner"
        if owner.exists() and is_alive(owner.read_text()):
            raise NoSlurmError("another test session on this machine is using its Slurm")
        clean(folder, folder.name.replace("-", "").replace("_", "").lower())


def clean(folder: Path, name: str) -> None:
    """End a cluster's jobs and daemons, and remove its links and its folder."""
    with contextlib.suppress(subprocess.TimeoutExpired, OSError):
        if daemon(folder / "slurmctld.pid"):
            subprocess.run(["scancel", "--me"], capture_output=True, timeout=10)
    end([daemon(folder / f"{node}.pid") for node in NODES])  # first: they start nothing any more
    end(job_processes(name))
    end([daemon(folder / "slurmctld.pid"), daemon(folder / "munge/munged.pid")])
    for path in (ETC / file for file in FILES):
        if path.is_symlink() and path.readlink().parent == folder:
            path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]
