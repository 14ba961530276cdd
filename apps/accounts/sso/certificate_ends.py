"""When the certificates of connections end, soonest first, and how far ahead the administrators are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import SAMLProvider
from apps.accounts.sso.certificates import CertificateFacts, read_certificate

WARN_DAYS_AHEAD = (0, 1, 7, 30)
"""From the last stage to the first: has ended, a day, a week, a month."""
_LONGEST_SHOWN_DAYS = 365


@dataclass(frozen=True, slots=True)
class CertificateEnd:
    """A certificate of a connection, and the whole days that it is still good for; negative once it has ended."""

    provider: SAMLProvider
    facts: CertificateFacts
    is_ours: bool
    days_left: int

    @property
    def stage(self) -> int | None:
        """The days ahead that the administrators are told by now; None while there is time."""
        return next((stage for stage in WARN_DAYS_AHEAD if self.days_left < stage), None)

    @property
    def is_near(self) -> bool:
        """Is it time to do something?"""
        return self.stage is not None

    @property
    def shown_days(self) -> int:
        """For a meter that ends at a year."""
        return min(max(self.days_left, 0), _LONGEST_SHOWN_DAYS)


def certificate_ends(providers: Iterable[SAMLProvider], *, at: datetime) -> list[CertificateEnd]:
    """Those that the providers sign with, and the one that we sign with, for each of them."""
    ends = [
        certificate_end(provider, pem, at=at, is_ours=is_ours)
        for provider in providers
        for pem, is_ours in [*((pem, False) for pem in provider.certificates), (provider.own_certificate, True)]
        if pem
    ]
    return sorted(ends, key=lambda end: end.facts.ends_at)


def certificate_end(provider: SAMLProvider, pem: str, *, at: datetime, is_ours: bool) -> CertificateEnd:
    """One of them."""
    facts = read_certificate(pem)
    return CertificateEnd(provider, facts, is_ours=is_ours, days_left=(facts.ends_at - at).days)
