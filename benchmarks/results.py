"""Write results.md from pytest-benchmark's JSON: `python benchmarks/results.py results.json`.

A benchmark is a row, its group a table. One that was timed beside something else (see conftest.py)
has both and their ratios; any other its median and quartiles.
"""

import json
import platform
import sys
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

import torch


def hardware() -> str:
    """Name the processor, its cores and the instructions that torch uses."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text(encoding="utf-8").splitlines() if cpu.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor()
    capability = torch.backends.cpu.get_cpu_capability()
    return (
        f"{name}, {len(names) or '?'} cores, {capability}; {platform.system()}, Python "
        f"{platform.python_version()}, torch {torch.__version__}, one thread"
    )


def row(benchmark: dict[str, Any]) -> str:
    """Return a benchmark's line of its group's table."""
    name = benchmark["params"] or {}
    label = ", ".join(f"{key} {value}" for key, value in name.items()) or benchmark["name"]
    extra, stats = benchmark["extra_info"], benchmark["stats"]
    if "ratio" not in extra:
        low, middle, high = (1000 * stats[key] for key in ("q1", "median", "q3"))
        return f"| {label} | {middle:,.2f} | | {low:,.2f} to {high:,.2f} ms |"
    low, middle, high = extra["ratio"]
    ours, other = median(extra["ours_ms"]), median(extra["other_ms"])
    return f"| {label} | {ours:,.2f} | {other:,.2f} | {middle:.2f} ({low:.2f} to {high:.2f}) |"


def page(content: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Benchmarks", "",
        "Written by `make bench`. CPU time; pairs are timed one after the other and compared round "
        "by round: the ratio is the other's time over ours, median and quartiles.", "",
        f"{hardware()}; {content['datetime'][:10]}.", "",
    ]  # fmt: skip
    found = sorted(content["benchmarks"], key=lambda b: b["group"] or "")
    for group, rows in groupby(found, key=lambda b: b["group"] or "Other"):
        lines += [f"## {group}", "", "| | ours, ms | other, ms | ratio |", "|---|---|---|---|"]
        lines += [*map(row, rows), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    read = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(__file__).with_suffix(".md").write_text(page(read), encoding="utf-8")
