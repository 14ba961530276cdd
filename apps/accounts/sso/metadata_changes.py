"""What new metadata would change, and whether that may happen without a person looking at it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from apps.accounts.models import SAMLProvider
from apps.accounts.sso.certificates import CertificateFacts, read_certificate
from apps.accounts.sso.saml_metadata import ProviderFacts


@dataclass(frozen=True, slots=True)
class MetadataChanges:
    """Before and after. A value that stays is in neither of `values`; certificates are in exactly one of three lists."""

    values: tuple[tuple[str, str, str], ...]
    """Name of the field, before, after."""
    added: tuple[CertificateFacts, ...]
    removed: tuple[CertificateFacts, ...]
    kept: tuple[CertificateFacts, ...]

    @property
    def are_none(self) -> bool:
        """Is everything as it was?"""
        return not (self.values or self.added or self.removed)


_FIELDS = ("entity_id", "sso_url", "logout_url", "logout_answer_url")


def changes_of(provider: SAMLProvider | None, facts: ProviderFacts) -> MetadataChanges:
    """From what is known, nothing for a provider that is not known yet, to what the metadata say."""
    before = {name: getattr(provider, name) if provider else "" for name in _FIELDS}
    known = _by_print(provider.certificates if provider else ())
    said = _by_print(facts.certificates)
    return MetadataChanges(
        values=tuple(
            (name, before[name], getattr(facts, name)) for name in _FIELDS if before[name] != getattr(facts, name)
        ),
        added=tuple(said[key] for key in said if key not in known),
        removed=tuple(known[key] for key in known if key not in said),
        kept=tuple(known[key] for key in known if key in said),
    )


def objection_to_changes(provider: SAMLProvider, changes: MetadataChanges, *, at: datetime) -> str:
    """Why a person has to look at them first, "" when nobody has to.

    Whoever gets hold of the address, or of a name in the DNS, must not become the provider overnight: it stays the same one, at the
    same hosts, and keeps a key that was believed before and is still good.
    """
    if any(name == "entity_id" for name, _before, _after in changes.values):
        return "identity_changed"
    hosts = {urlsplit(getattr(provider, name)).netloc for name in _FIELDS[1:]}
    if any(after and urlsplit(after).netloc not in hosts for _name, _before, after in changes.values):
        return "host_changed"
    if not any(certificate.begins_at <= at < certificate.ends_at for certificate in changes.kept):
        return "keys_changed"
    return ""


def _by_print(pems: "tuple[str, ...] | list[str]") -> dict[str, CertificateFacts]:
    return {facts.fingerprint: facts for facts in map(read_certificate, pems)}
