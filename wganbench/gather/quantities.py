"""What the critics of results estimate."""

import pandas as pd

from wganbench.gather.load import Results
from wganbench.objectives import Quantity


def quantities(results: Results) -> dict[str, Quantity]:
    """Return what each run's critic estimates; runs without a critic are not among them."""
    objectives = {run: planned.configuration.objective for run, planned in results.runs.items()}
    return {run: objective.quantity for run, objective in objectives.items() if objective}


def is_distance(table: pd.DataFrame, results: Results) -> pd.Series:
    """Return for each row whether its run's critic estimates a distance; False without a critic."""
    distances = {run for run, quantity in quantities(results).items() if quantity.is_distance}
    return table["run"].isin(distances)
