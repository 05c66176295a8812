"""Slurm from Debian's packages, installed by the tests themselves where they may."""

import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = ("slurmctld", "slurmd", "slurm-client", "munge")
BINARIES = ("slurmctld", "slurmd", "sbatch", "squeue", "srun", "munged", "setpriv")
SBIN = "/usr/sbin:/sbin"
INSTALL_SECONDS = 300


class NoSlurmError(Exception):
    """A plain reason why no Slurm can run on this machine."""


def ensure_installed() -> None:
    """Install Slurm unless it is there.

    Raises:
        NoSlurmError: this machine is none where a test may install packages, or it did not work.
    """
    if os.geteuid() != 0:
        raise NoSlurmError("not root")
    if not shutil.which("apt-get") or not Path("/etc/debian_version").exists():
        raise NoSlurmError("not a Debian machine")
    if _missing():
        _install()
    if missing := _missing():
        raise NoSlurmError(f"Debian's packages brought no {', '.join(missing)}")


def _missing() -> list[str]:
    path = f"{os.environ.get('PATH', '')}:{SBIN}"
    return [name for name in BINARIES if not shutil.which(name, path=path)]


def _install() -> None:
    command = ["install", "-y", "--no-install-recommends", *PACKAGES]
    if _apt(*command).returncode:  # a fresh container has no package lists
        _apt("update")
        done = _apt(*command)
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise NoSlurmError(f"no network to install slurm ({said[-1] if said else 'apt-get'})")
    _stop_services()


def _apt(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=60", *arguments],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=INSTALL_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NoSlurmError(f"apt-get took more than {INSTALL_SECONDS} s") from None


def _stop_services() -> None:
    """Stop what the packages started: they would want a configuration that nobody wrote."""
    if not Path("/run/systemd/system").exists():
        return
    for service in ("slurmd", "slurmctld", "munge"):
        command = ["systemctl", "disable", "--now", service]
        subprocess.run(command, capture_output=True, timeout=60)
