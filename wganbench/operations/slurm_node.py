"""What the test job of `wganbench slurm check` looks at on a compute node: locks, and its GPU.

Run as a module in the job's folder, with `cpu` or `cuda`; the answer is a file there.
"""

import ctypes
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from wganbench.locks import is_written

ANSWER = "answer"
LOCK = ("held", "here")  # run and step that the submitting machine holds meanwhile
LOCKS = "locks"
DRIVER = "libcuda.so.1"


@dataclass(frozen=True)
class Gpu:
    """What torch and the driver say on a node."""

    name: str = ""
    torch: str = ""  # the CUDA version that torch is built for; "" for none
    driver: str = ""  # the newest CUDA version that the driver knows; "" without a driver
    error: str = ""  # of the first thing computed there


@dataclass(frozen=True)
class Seen:
    """What a job saw."""

    node: str
    keeps_out: bool  # a lock that the submitting machine holds
    gpu: Gpu | None = None


def look(device: str) -> Seen:
    """Return what there is to see in a job whose folder is the current one."""
    keeps_out = bool(is_written(*LOCK, Path(LOCKS)))
    node = os.environ.get("SLURMD_NODENAME") or platform.node()
    return Seen(node, keeps_out, gpu() if device == "cuda" else None)


def gpu() -> Gpu:
    """Compute something on the GPU."""
    import torch

    built = torch.version.cuda or ""
    try:
        torch.ones(1, device="cuda").add(1).item()
        return Gpu(torch.cuda.get_device_name(), built, driver_cuda())
    # torch raises the second where it is built without CUDA.
    except (RuntimeError, AssertionError) as error:
        return Gpu(torch=built, driver=driver_cuda(), error=str(error).partition("\n")[0])


def driver_cuda() -> str:
    """Return the newest CUDA version that the driver knows, as nvidia-smi shows it; or nothing."""
    try:
        library = ctypes.CDLL(DRIVER)
    except OSError:
        return ""
    version = ctypes.c_int()
    library.cuDriverGetVersion(ctypes.byref(version))  # 13020 is 13.2
    return f"{version.value // 1000}.{version.value % 1000 // 10}"


def read(text: str) -> Seen:
    """Return what a job wrote."""
    found = json.loads(text)
    return Seen(**found | {"gpu": found["gpu"] and Gpu(**found["gpu"])})


if __name__ == "__main__":
    written = Path(f"{ANSWER}.part")
    written.write_text(json.dumps(asdict(look(sys.argv[1]))))
    written.rename(ANSWER)
