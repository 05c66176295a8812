"""How many cases hypothesis draws: a few in `make test`, thousands in `make test-long`."""

from hypothesis import HealthCheck, settings


def cases(share: float) -> settings:
    """Return settings for a share of the profile's cases: 100, or 5,000 under `long`."""
    return settings(
        max_examples=max(2, round(settings().max_examples * share)),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
