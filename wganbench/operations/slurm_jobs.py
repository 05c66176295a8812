"""The profile's jobs on this site: where those of a rule go, and under whose limits."""

from collections.abc import Sequence
from dataclasses import dataclass

from wganbench.operations.slurm_accounting import Accounting, Association, QosLimits
from wganbench.operations.slurm_profile import Needs, Profile
from wganbench.operations.slurm_site import Node, Site


@dataclass(frozen=True)
class Jobs:
    """What is asked for and what there is."""

    profile: Profile
    site: Site
    accounting: Accounting | None  # None where the site keeps none
    needs: Sequence[Needs]

    def nodes(self, need: Needs) -> list[Node]:
        """Return the nodes of the partition that a rule's jobs go to."""
        return self.site.in_partition(self.profile.partition(need))

    def partition(self, need: Needs) -> str:
        """Return that partition's name."""
        return self.site.name_of(self.profile.partition(need))

    def associations(self, need: Needs) -> list[Association]:
        """Return what a rule's jobs may be charged to; nothing where that is not known."""
        if self.accounting is None:
            return []
        return self.accounting.in_use(self.profile.accounts(need.rule), self.partition(need))

    def qos(self, need: Needs) -> str:
        """Return the QOS of a rule's jobs, the user's usual one if the profile names none."""
        usual = {one.default_qos for one in self.associations(need)}
        return self.profile.qos(need.rule) or (usual.pop() if len(usual) == 1 else "")

    def qos_limits(self, need: Needs) -> dict[str, QosLimits]:
        """Return the limits of the QOS over a rule's jobs: their own and their partition's."""
        known = self.accounting.qos if self.accounting else {}
        names = {self.qos(need), self.site.words_of(self.partition(need)).get("QoS", "")}
        return {name: known[name] for name in sorted(names) if name in known}
