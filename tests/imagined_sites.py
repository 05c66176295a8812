"""Sites for `wganbench slurm check` that no test machine is: with accounts, QOS and limits.

sacctmgr's lines are written by hand in the layout that its manual page gives for --parsable2, since
no slurmdbd runs here. What the check makes of a real Slurm is in tests/slurm/test_slurm_check.py.
"""

from pathlib import Path

from wganbench.operations.slurm_accounting import Accounting, associations_in, qos_in
from wganbench.operations.slurm_jobs import Jobs
from wganbench.operations.slurm_profile import Needs, Profile
from wganbench.operations.slurm_site import Node, Site

TRAIN = Needs("train", threads=1, mem_mb=2000, runtime=60, resumes=True)
ASSOCIATIONS = """\
physics||normal,short|normal|200
teaching|gpu|normal|normal|20
"""
QOS = """\
normal|||
short|50||01:00:00
long||30|7-00:00:00
"""
NODE = Node("n1", "main", is_default=True, is_up=True, minutes=1440, cpus=8, mem_mb=16000,
            gpus={"a100": 4}, features=frozenset())  # fmt: skip


def jobs(
    *needs: Needs, rules: dict | None = None, site: dict | None = None, accounts: bool = False,
    partition: dict | None = None, defaults: dict | None = None, **settings: object,
) -> Jobs:  # fmt: skip
    """Return a profile's jobs on a site of one node, by default one that keeps no accounts."""
    profile = {"executor": "slurm", "jobs": 100, "retries": 5}
    profile |= {name.replace("_", "-"): value for name, value in settings.items()}
    return Jobs(
        Profile(Path("slurm/config.yaml"), profile, defaults or {}, rules or {}),
        Site(
            {"MaxJobCount": "10000", "MaxArraySize": "1001", "SelectType": "select/cons_tres"}
            | (site or {}),
            {"main": {"PartitionName": "main", "AllowQos": "ALL"} | (partition or {})},
            [NODE],
        ),
        Accounting(associations_in(ASSOCIATIONS.splitlines()), qos_in(QOS.splitlines()))
        if accounts
        else None,
        needs or [TRAIN],
    )
