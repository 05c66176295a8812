"""Programs from Debian's packages, which tests install by themselves where they may."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

SBIN = "/usr/sbin:/sbin"
INSTALL_SECONDS = 300


class NotInstalledError(Exception):
    """A plain reason why a program is not there."""


def why_no_packages() -> str:
    """Return why this machine is none where a test may install packages, or nothing."""
    if os.geteuid() != 0:
        return "not root"
    if not shutil.which("apt-get") or not Path("/etc/debian_version").exists():
        return "not a Debian machine"
    return ""


def ensure_installed(packages: Sequence[str], programs: Sequence[str]) -> bool:
    """Install the packages unless the programs are there; return whether it did.

    Raises:
        NotInstalledError: the machine is none for it, or it did not work.
    """
    if not (missing := _missing(programs)):
        return False
    if reason := why_no_packages():
        raise NotInstalledError(f"no {', '.join(missing)}, and {reason}")
    _install(packages)
    if missing := _missing(programs):
        raise NotInstalledError(f"Debian's packages brought no {', '.join(missing)}")
    return True


def _missing(programs: Sequence[str]) -> list[str]:
    path = f"{os.environ.get('PATH', '')}:{SBIN}"
    return [name for name in programs if not shutil.which(name, path=path)]


def _install(packages: Sequence[str]) -> None:
    command = ["install", "-y", "--no-install-recommends", *packages]
    if _apt(*command).returncode:  # a fresh container has no package lists
        _apt("update")
        done = _apt(*command)
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            wanted = ", ".join(packages)
            raise NotInstalledError(
                f"no network to install {wanted} ({said[-1] if said else 'apt-get'})"
            )


def _apt(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=60", *arguments],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=INSTALL_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotInstalledError(f"apt-get took more than {INSTALL_SECONDS} s") from None
