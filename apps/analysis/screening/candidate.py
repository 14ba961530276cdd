"""A finding draft together with who says so; what every screen takes and gives."""

from dataclasses import dataclass

from apps.analysis.rules.port import FindingDraft

RULES = "rules"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One draft. `sources` are engine names ("rules", a model's name), the one whose words these are first."""

    draft: FindingDraft
    sources: tuple[str, ...]

    @property
    def is_from_rules_alone(self) -> bool:
        """No model says this."""
        return set(self.sources) == {RULES}
