"""Memory that runs out is a matter of settings, not of code: one line tells which."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from wganbench.errors import UserError

# What torch's CPU allocator says; it raises nothing more telling than RuntimeError.
_ON_CPU = "can't allocate memory"


@contextmanager
def shortage_told(run_id: str) -> Iterator[None]:
    """Turn running out of memory into a user's error.

    Raises:
        UserError: memory ran out while the block ran.
    """
    try:
        yield
    except MemoryError:
        raise UserError(_told(run_id, "memory")) from None
    except torch.OutOfMemoryError:
        raise UserError(_told(run_id, "the GPU's memory")) from None
    except RuntimeError as error:
        if _ON_CPU not in str(error):
            raise
        raise UserError(_told(run_id, "memory")) from None


def _told(run_id: str, what: str) -> str:
    return (
        f"{run_id}: {what} ran out; give the job more (wganbench/plan/resources.py), or make "
        "batch_size, samples or the nets smaller in its experiment"
    )
