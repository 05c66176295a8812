"""Slurm from Debian's packages, installed by the tests themselves where they may."""

import subprocess
from pathlib import Path

from debian import NotInstalledError, ensure_installed, why_no_packages

PACKAGES = ("slurmctld", "slurmd", "slurm-client", "munge")
BINARIES = ("slurmctld", "slurmd", "sbatch", "squeue", "srun", "munged", "setpriv")


class NoSlurmError(Exception):
    """A plain reason why no Slurm can run on this machine."""


def ensure_slurm() -> None:
    """Install Slurm unless it is there.

    Raises:
        NoSlurmError: this machine is none where a test may install packages, or it did not work.
    """
    if reason := why_no_packages():  # an installed Slurm may be in use, and its daemons want root
        raise NoSlurmError(reason)
    try:
        installed = ensure_installed(PACKAGES, BINARIES)
    except NotInstalledError as reason:
        raise NoSlurmError(str(reason)) from None
    if installed:
        _stop_services()


def _stop_services() -> None:
    """Stop what the packages started: they would want a configuration that nobody wrote."""
    if not Path("/run/systemd/system").exists():
        return
    for service in ("slurmd", "slurmctld", "munge"):
        command = ["systemctl", "disable", "--now", service]
        subprocess.run(command, capture_output=True, timeout=60)
