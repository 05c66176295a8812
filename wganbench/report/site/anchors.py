"""Names of places in the report that other places link to."""


def run_anchor(run_id: str) -> str:
    """Return the id of a run's row in the run explorer."""
    return "run-" + run_id.replace("/", "--")
