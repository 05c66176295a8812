"""Small runs that are really trained, measured and judged, by files and frames of the workflow."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
from claim_evidence import text_of
from report_site import train

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.verdict import judge
from wganbench.gather.load import Results, load_results
from wganbench.plan.runs import Run
from wganbench.records.claims import Ruling


def trained(runs: list[Run], results: Path, data: Path) -> Results:
    """Train, measure and gather runs; feature spaces lie beside the folder of the results."""
    train({"e": runs}, results, data)
    return load_results(runs, results, data)


def as_if_tuned(evidence: Evidence) -> Evidence:
    """Return the evidence as if each run had been chosen from three settings of nothing."""
    tuned = pd.DataFrame(
        [
            {"run": f"{run}{other}-first", "compared": f"{run}{other}", "experiment": "e",
             "configuration": run, "setting": {}, "seeds": (), "chosen": not other}
            for run in evidence.settings["run"]
            for other in ("", "-second", "-third")
        ]
    )  # fmt: skip
    return replace(evidence, tuned=tuned)


def ruling(name: str, evidence: Evidence) -> Ruling:
    """Judge a claim by the evidence; its numbers are printed, which pytest shows of a failure."""
    verdict = judge(name, catalogue()[name], evidence)
    print(text_of(verdict), verdict.gates)  # noqa: T201
    return verdict.verdict
