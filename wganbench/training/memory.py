"""Memory: what a step frees is kept for the next, and running out of it is one line."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from wganbench.errors import UserError

# In the message of torch's CPU allocator, which raises a plain RuntimeError.
_ON_CPU = "can't allocate memory"
# mallopt(3): glibc's settings, and the largest values that they take effect with.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_TRIM_BYTES, _MMAP_BYTES = 2**30, 2**25


def keep_freed_memory() -> None:
    """Have glibc keep freed tensors' memory; without glibc, do nothing.

    Otherwise some of it goes back to the system at every step and comes again zeroed, which takes
    up to 5% of a DCGAN's iteration (benchmarks/iterations.py).
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # musl and macOS, or Windows
        return
    mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)
    mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES)


@contextmanager
def shortage_reported(run_id: str) -> Iterator[None]:
    """Turn running out of memory into a user's error.

    Raises:
        UserError: memory ran out while the block ran.
    """
    try:
        yield
    except MemoryError:
        raise UserError(_message(run_id, "memory")) from None
    except torch.OutOfMemoryError:
        raise UserError(_message(run_id, "the GPU's memory")) from None
    except RuntimeError as error:
        if _ON_CPU not in str(error):
            raise
        raise UserError(_message(run_id, "memory")) from None


def _message(run_id: str, what: str) -> str:
    return (
        f"{run_id}: {what} ran out; give the job more (wganbench/plan/steps.py), or make "
        "batch_size, samples or the nets smaller in its experiment"
    )
