"""Where other scales' verdicts lie: the rule and the report look for the same files."""

from pathlib import Path

from wganbench.plan.experiment import SCALES
from wganbench.records import layout


def judged_elsewhere(scale: str, folder: Path = layout.SCALES) -> list[Path]:
    """Return the verdicts' files of the other scales that have one, the smallest scale first."""
    files = [folder / other / layout.CLAIMS for other in SCALES if other != scale]
    return [file for file in files if file.exists()]
