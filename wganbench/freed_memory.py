"""What a step frees is kept for the next."""

import ctypes

# mallopt(3): glibc's settings, and the largest values that they take effect with.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_TRIM_BYTES, _MMAP_BYTES = 2**30, 2**25


def keep_freed_memory() -> None:
    """Have glibc keep what this process frees; without glibc, do nothing.

    Otherwise some of it goes back to the system at every step and comes again zeroed, which takes
    up to 5% of a DCGAN's iteration (benchmarks/iterations.py), and a tenth of an exact W1 of 1,000
    samples.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # musl and macOS, or Windows
        return
    mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)
    mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES)
