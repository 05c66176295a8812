"""Numbers as words: one way of writing them on the whole page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

NOTHING = "–"
INFINITE = "∞"
ROUNDING = 1e-12
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with significant digits, or a dash for none."""
    if value is None or not np.isfinite(value):
        return NOTHING
    if value != 0 and not 1e-3 <= abs(value) < 1e5:
        return _signed(f"{value:.{digits - 1}e}".replace("e-0", "e-").replace("e+0", "e"))
    decimals = max(digits - 1 - int(np.floor(np.log10(abs(value)))), 0) if value else 0
    return _signed(f"{value:.{decimals}f}")


def mean_sd(values: Iterable[float], digits: int = 3) -> str:
    """Return mean ± standard deviation over seeds; the deviation is missing for one seed."""
    known = pd.Series(list(values), dtype=float).dropna()
    if known.empty:
        return NOTHING
    if len(known) == 1:
        return f"{number(known.iloc[0], digits)} (one seed)"
    sd = float(known.std(ddof=1))
    if sd < ROUNDING * known.abs().max():
        sd = 0.0  # of equal values
    return f"{number(known.mean(), digits)} ± {number(sd, 2)}"


def mean_range(values: Iterable[float], digits: int = 3) -> str:
    """Return the mean with the smallest and the largest value over seeds, if they differ."""
    known = pd.Series(list(values), dtype=float).dropna()
    if known.empty:
        return NOTHING
    if len(known) > 1 and known.min() == known.max():
        return number(known.iloc[0], digits)
    low, high = number(known.min(), digits), number(known.max(), digits)
    mean = known.mean()
    if abs(mean) < ROUNDING * known.abs().max():
        mean = 0.0  # values that cancel leave a rounding error
    return number(mean, digits) + (f" ({low} to {high})" if len(known) > 1 else " (one seed)")


def with_sd(means: pd.Series, sds: pd.Series) -> str:
    """Return the mean of a floor beside the mean of its standard deviation, or a dash."""
    mean = means.mean()
    return NOTHING if pd.isna(mean) else f"{number(mean)} ± {number(sds.mean(), 2)}"


def with_interval(value: float, low: float, high: float, digits: int = 3) -> str:
    """Return "1.20 [1.00, 1.50]"."""
    texts = (number(x, digits) if np.isfinite(x) else INFINITE for x in (value, low, high))
    return "{} [{}, {}]".format(*texts)


def setting_words(setting: Mapping[str, Any]) -> str:
    """Return "optimizer.lr 0.001, n_critic 5"."""
    return ", ".join(
        f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}"
        for key, value in setting.items()
    )


def listed(words: Sequence[str]) -> str:
    """Return "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def each(values: Mapping[str, str]) -> str:
    """Return "a: 1; b: 2"."""
    return "; ".join(f"{key}: {text}" for key, text in values.items())


def count(n: int, singular: str, plural: str = "") -> str:
    """Return "1 seed" or "3 seeds"."""
    return f"{n:,} {singular if n == 1 else plural or singular + 's'}"


def power(value: float, _: int = 0) -> str:
    """Return a label for a logarithmic axis: a power of ten where it is large or small."""
    exponent = round(np.log10(value))
    if -3 < exponent < 4:
        return f"{value:g}"
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def _signed(text: str) -> str:
    return text.replace("-", "−") if text.startswith("-") else text
