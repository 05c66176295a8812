"""From a claim's cells to a verdict."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.contexts import Said, Scale, table_of, together
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import Gate, Reading, gates_of, read
from wganbench.claims.judging.interval import SEEDS, surviving
from wganbench.records.claims import Context, GateReading, Ruling, Step, Verdict

DIGITS = 6  # significant, in files
QUARTERS = (0.25, 0.5, 0.75, 1.0)
HALF = 0.5
# What a verdict repeats of its claim.
STATED = (
    "source", "origin", "statement", "statistic", "ratio", "share_of", "direction", "threshold",
    "reason",
)  # fmt: skip
UNTESTED = "no run bears on it, or what it needs was not measured"


def judge_all(claims: Mapping[str, Claim], evidence: Evidence) -> list[Verdict]:
    """Return every claim's verdict, in the claims' order, with Holm's correction over all."""
    judged: dict[str, Verdict] = {}
    for name in _controls_first(claims):
        judged[name] = judge(name, claims[name], evidence, judged)
    verdicts = [judged[name] for name in claims]
    tested = [verdict for verdict in verdicts if verdict.p is not None]
    adjusted = surviving(np.array([verdict.p for verdict in tested], dtype=float))
    of_all = dict(zip([verdict.name for verdict in tested], adjusted, strict=True))
    return [
        verdict.model_copy(update={"p_of_all": _rounded(of_all.get(verdict.name))})
        for verdict in verdicts
    ]


def judge(
    name: str, claim: Claim, evidence: Evidence, controls: Mapping[str, Verdict] | None = None
) -> Verdict:
    """Return the verdict on a claim: a pure function of the evidence, and of what it leans on."""
    table = table_of(claim, evidence)
    gates = gates_of(claim.gates, evidence)
    readings = {
        str(context): _readings(gates, cells, evidence)
        for context, cells in table.groupby("context")
    }
    passing = [c for c, found in readings.items() if all(reading.passed for reading in found)]
    kept = table[table["context"].isin(_with_seeds(table, passing))]
    said = together(claim, kept)
    course = [_step(claim, evidence, share, set(kept["context"]), said) for share in QUARTERS]
    ruling, because = _ruling(claim, said, readings, len(kept), course, controls or {})
    interval = said.interval
    floor = kept["floor"].mean() if kept["floor"].notna().any() else None
    shown = (None, None, None) if interval is None else interval
    value, low, high = (_rounded(end) for end in shown)
    return Verdict(
        name=name,
        **{part: getattr(claim, part) for part in STATED},
        verdict=ruling,
        because=because,
        value=value,
        low=low,
        high=high,
        p=_rounded(said.p),
        p_of_all=None,
        seeds=said.seeds,
        contexts=_contexts(claim, table, readings, set(kept["context"])),
        gates=_gates(gates, readings),
        course=course,
        floor=_rounded(floor),
        runs=sorted({run for runs in table["runs"] for run in runs}),
    )


def _controls_first(claims: Mapping[str, Claim]) -> list[str]:
    """Return the claims' names, those that others lean on before them.

    Raises:
        KeyError: a claim leans on one that is not there, or that leans on others itself.
    """
    controls = {control for claim in claims.values() for control in claim.leans_on}
    if unknown := {name for name in controls if name not in claims or claims[name].leans_on}:
        raise KeyError(f"{min(unknown)}: is no claim to lean on")
    return sorted(claims, key=lambda name: name not in controls)


def _readings(gates: Iterable[Gate], cells: pd.DataFrame, evidence: Evidence) -> list[Reading]:
    runs = {run for runs in cells["runs"] for run in runs}
    return [read(gate, runs, evidence) for gate in gates]


def _with_seeds(table: pd.DataFrame, passing: Iterable[str]) -> list[str]:
    """Return those contexts that have enough seeds; all where none has."""
    seeds = table.groupby("context")["seed"].nunique()
    passing = list(passing)
    return [context for context in passing if seeds[context] >= SEEDS] or passing


def _ruling(
    claim: Claim,
    said: Said,
    readings: Mapping[str, list[Reading]],
    cells: int,
    course: list[Step],
    controls: Mapping[str, Verdict],
) -> tuple[Ruling, str]:
    if not readings:
        alike = f", or each {claim.share_of} says nothing, as both sides agree on it"
        return "not testable here", UNTESTED + (alike if claim.share_of else "")
    if not cells:
        return "not testable here", _failure(readings)
    for control in claim.leans_on:
        found = controls[control].verdict if control in controls else "not judged"
        if found != "reproduced":
            return "not testable here", f"leans on {control}, which is {found}"
    if said.ruling is None:
        return "inconclusive", said.because
    half = next(step for step in course if step.share == HALF)
    if half.verdict != said.ruling:
        return "not settled", f"{said.ruling} now, {_moved(half, course[-1])}"
    return said.ruling, said.because


def _failure(readings: Mapping[str, list[Reading]]) -> str:
    """Return which gate closed, and with what number, for a claim without a context left."""
    failed = [r for found in readings.values() for r in found if not r.passed]
    first = failed[0]
    of_first = [r.value for r in failed if r.gate is first.gate and r.value is not None]
    if not of_first:
        return f"{first.gate.name}: {first.gate.asks} was not measured"
    nearest = min(of_first) if first.gate.direction == "at most" else max(of_first)
    return (
        f"{first.gate.name}: {first.gate.asks} is {nearest:.3g} and should be "
        f"{first.gate.direction} {first.gate.bar:.3g}"
    )


def _moved(half: Step, end: Step) -> str:
    if half.value is None or end.value is None:
        return f"{half.verdict} at half the budget"
    before, now = f"{half.value:.3g}", f"{end.value:.3g}"
    if before == now:
        return f"{half.verdict} at half the budget, by an interval around the same {now}"
    way = "rose" if end.value > half.value else "fell"
    return f"{half.verdict} at half the budget: the effect {way} from {before} to {now}"


def _step(claim: Claim, evidence: Evidence, share: float, contexts: set[str], end: Said) -> Step:
    """Return what the contexts that the verdict rests on said at a share of the budget."""
    said = end
    if share < 1 and contexts:
        table = table_of(claim, evidence.until(share))
        said = together(claim, table[table["context"].isin(contexts)])
    interval = said.interval or (None, None, None)
    value, low, high = (_rounded(number) for number in interval)
    ruling: Ruling = said.ruling or ("inconclusive" if said.seeds else "not testable here")
    return Step(share=share, value=value, low=low, high=high, verdict=ruling)


def _contexts(
    claim: Claim, table: pd.DataFrame, readings: Mapping[str, list[Reading]], kept: set[str]
) -> list[Context]:
    scale, found = Scale(claim), []
    for key, cells in table.groupby("context"):
        context = str(key)
        places = cells.sort_values("seed")["effect"].to_numpy(dtype=float)
        interval = scale.interval(places) or (scale.back(scale.typical(places)), None, None)
        value, low, high = (_rounded(number) for number in interval)
        failed = next((r.gate.name for r in readings[context] if not r.passed), "")
        found.append(
            Context(
                name=_named(context, cells["runs"].iloc[0]),
                value=value,
                low=low,
                high=high,
                effects=[float(f"{scale.back(place):.{DIGITS}g}") for place in places],
                left_out=failed or ("" if context in kept else "seeds"),
            )
        )
    return found


def _named(context: str, runs: tuple[str, ...]) -> str:
    """Return a context's name: that of its runs without digests, where it is one or a pair.

    Runs of a kind are one context under the name of the first, which may not be among these.
    """
    parts = context.split(" | ")
    if not all("/" in part for part in parts):
        return context
    return " | ".join(run[:-9] for run in list(dict.fromkeys(runs))[: len(parts)])


def _gates(gates: Iterable[Gate], readings: Mapping[str, list[Reading]]) -> list[GateReading]:
    found = []
    for number, gate in enumerate(gates):
        answers = [of_context[number] for of_context in readings.values()]
        known = [answer.value for answer in answers if answer.value is not None]
        worst = max if gate.direction == "at most" else min
        found.append(
            GateReading(
                name=gate.name,
                asks=gate.asks,
                direction=gate.direction,
                bar=gate.bar,
                reason=gate.reason,
                worst=_rounded(max(-1e300, min(worst(known), 1e300)) if known else None),
                passed=sum(answer.passed for answer in answers),
                contexts=len(answers),
            )
        )
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")
