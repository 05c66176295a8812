"""Running out of memory is one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from wganbench.errors import UserError

# In the message of torch's CPU allocator, which raises a plain RuntimeError.
_ON_CPU = "can't allocate memory"


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
