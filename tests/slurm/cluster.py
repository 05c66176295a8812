"""A one-node Slurm on loopback: the real daemons, eight declared CPUs, two fake GPUs."""

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

from slurm.installation import NoSlurmError, ensure_slurm

PREFIX = "wganbench-slurm-"
# Jobs lose SLURM_CONF, so the configuration has to be where Slurm looks by itself.
ETC = Path("/etc/slurm")
FILES = ("slurm.conf", "gres.conf", "job_submit.lua")
DAEMONS = ("slurmd", "slurmctld", "munged")
START_SECONDS = 40
CPUS = 8
GPUS = 2

SLURM_CONF = """\
ClusterName={name}
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
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
MinJobAge=3600
MaxJobCount=5000
JobSubmitPlugins=lua
ReturnToService=2
SlurmdParameters=config_overrides
GresTypes=gpu
NodeName=DEFAULT Feature=fake,fast
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=16000 Gres=gpu:fake:{gpus} State=UNKNOWN
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
PartitionName=DEFAULT Nodes={host} DefMemPerCPU=500 State=UP MaxTime=INFINITE PreemptMode=OFF
PartitionName=main Default=YES
PartitionName=short MaxTime=00:05:00
PartitionName=spot PreemptMode=REQUEUE
PartitionName=lost PreemptMode=CANCEL
PartitionName=urgent PriorityTier=10
PartitionName=quality AllowQos=high
PartitionName=gres
"""
GRES_CONF = "NodeName={host} Name=gpu Type=fake File={folder}/gpu[0-{last}]\n"
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
        """Start the daemons and wait until the node takes jobs."""
        self.folder.chmod(0o755)  # munged, another user, must reach its own folder
        (self.folder / "owner").write_text(_identity(os.getpid()))
        self._write_configuration()
        self._start_munge()
        for name in FILES:
            (ETC / name).symlink_to(self.folder / name)
        self._run("slurmctld", "-c")
        self._run("slurmd", "-N", _host())
        self._wait_until_idle()

    def stop(self) -> None:
        """Cancel all jobs, end the daemons by their pids, and remove every trace."""
        clean(self.folder, self.name)

    def _write_configuration(self) -> None:
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        for gpu in range(GPUS):  # Slurm wants a device file; /dev/null's numbers will do
            os.mknod(self.folder / f"gpu{gpu}", 0o600 | 0o020000, os.makedev(1, 3))
        values = {
            "name": self.name, "host": _host(), "folder": self.folder, "ports": _free_ports(),
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

    def _wait_until_idle(self) -> None:
        until = time.monotonic() + START_SECONDS
        state = ""
        while time.monotonic() < until:
            done = subprocess.run(["sinfo", "-h", "-o", "%T"], capture_output=True, text=True)
            if (state := done.stdout + done.stderr).split()[:1] == ["idle"]:
                return
            time.sleep(0.1)
        raise RuntimeError(f"the node is {state!r}, not idle\n{self._logs()}")

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
        if owner.exists() and _is_alive(owner.read_text()):
            raise NoSlurmError("another test session on this machine is using its Slurm")
        clean(folder, folder.name.replace("-", "").replace("_", "").lower())


def clean(folder: Path, name: str) -> None:
    """End a cluster's jobs and daemons, and remove its links and its folder."""
    with contextlib.suppress(subprocess.TimeoutExpired, OSError):
        if _daemon(folder, "slurmctld"):
            subprocess.run(["scancel", "--me"], capture_output=True, timeout=10)
    ends = [process for daemon in DAEMONS if (process := _daemon(folder, daemon))]
    _end(ends[:1])  # slurmd first: it starts nothing any more
    _end(_job_processes(name))
    _end(ends[1:])
    for path in (ETC / file for file in FILES):
        if path.is_symlink() and path.readlink().parent == folder:
            path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _daemon(folder: Path, name: str) -> psutil.Process | None:
    """Return the daemon whose pid is in the folder, unless another process got that number."""
    place = folder / "munge" if name == "munged" else folder
    try:
        process = psutil.Process(int((place / f"{name}.pid").read_text()))
        return process if process.name() == name else None
    except (OSError, ValueError, psutil.Error):
        return None


def _job_processes(name: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("SLURM_CLUSTER_NAME") == name:
                found += [process, *(p for p in process.parents() if p.name() == "slurmstepd")]
    return found


def _end(processes: list[psutil.Process]) -> None:
    for end in (psutil.Process.terminate, psutil.Process.kill):
        for process in processes:
            with contextlib.suppress(psutil.Error):
                end(process)
        processes = psutil.wait_procs(processes, timeout=5)[1]


def _identity(pid: int) -> str:
    return f"{pid} {psutil.Process(pid).create_time()}"


def _is_alive(identity: str) -> bool:
    with contextlib.suppress(psutil.Error, ValueError):
        return _identity(int(identity.split()[0])) == identity
    return False


def _host() -> str:
    return socket.gethostname().partition(".")[0]


def _free_ports() -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(2)]
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]
