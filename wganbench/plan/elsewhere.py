"""Where other scales' verdicts lie: the rule and the report look for the same files."""

from pathlib import Path

from wganbench.plan.experiment import SCALES
from wganbench.records import layout


def judged_elsewhere(scale: str, folder: Path = layout.SCALES) -> list[Path]:
    """Return the verdicts' files of the other scales that have one, the smallest scale first.

    Scales of the user's own come last.
    """
    judged = {file.parent.name: file for file in sorted(folder.glob(f"*/{layout.CLAIMS}"))}
    names = [*SCALES, *(name for name in judged if name not in SCALES)]
    return [judged[name] for name in names if name in judged and name != scale]
