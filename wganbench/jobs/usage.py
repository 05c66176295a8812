"""What a job took, by the operating system's own accounting, in Snakemake's columns.

Snakemake's `benchmark:` looks at a job's processes twice a second. It misses what they do after its
last look, a fifth of the CPU time of short jobs, and all of a process that the server forks.
"""

import resource
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

BLOCK = 512  # bytes: getrusage(2) counts blocks of this size
MIB = 2**20
RSS_UNIT = 1 if sys.platform == "darwin" else 2**10  # bytes
COLUMNS = (
    "s", "h:m:s", "max_rss", "max_vms", "max_uss", "max_pss", "io_in", "io_out", "mean_load",
    "cpu_time",
)  # fmt: skip


@dataclass(frozen=True)
class Usage:
    """CPU seconds, bytes of memory at the peak, and bytes read from and written to disks."""

    cpu: float
    memory: int
    read: int
    written: int

    @classmethod
    def of(cls, counted: resource.struct_rusage) -> "Usage":
        """Return what the system has counted."""
        return cls(
            cpu=counted.ru_utime + counted.ru_stime,
            memory=counted.ru_maxrss * RSS_UNIT,
            read=counted.ru_inblock * BLOCK,
            written=counted.ru_oublock * BLOCK,
        )

    @classmethod
    def of_this_process(cls) -> "Usage":
        """Return what this process took, and those that it started and has waited for."""
        own, others = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return cls.of(own) + cls.of(others)

    def __add__(self, other: "Usage") -> "Usage":
        """Return what two processes took together; at the peak they need not meet."""
        return Usage(
            cpu=self.cpu + other.cpu,
            memory=max(self.memory, other.memory),
            read=self.read + other.read,
            written=self.written + other.written,
        )

    def write(self, file: str, seconds: float) -> None:
        """Write a benchmark file as Snakemake's are; what the system does not count is "-"."""
        clock = str(timedelta(seconds=int(seconds)))
        load = 100 * self.cpu / seconds
        mib = [f"{n / MIB:.2f}" for n in (self.memory, self.read, self.written)]
        row = (f"{seconds:.4f}", clock, mib[0], "-", "-", "-", *mib[1:], f"{load:.2f}")
        lines = (COLUMNS, (*row, f"{self.cpu:.2f}"))
        path = Path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="ascii")
