"""Mail domains: named by an administrator, proven by a record in their DNS, removed."""

import re
import secrets
from uuid import UUID

from django.db import transaction

from apps.accounts.capabilities import Capability
from apps.accounts.errors import DomainNotProvenError, NotADomainError
from apps.accounts.models import User, VerifiedDomain
from apps.accounts.policies import require
from apps.accounts.selectors import mail_domains_for
from apps.accounts.sso.dns_proof import holds_record
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)
# Where anybody gets an address: an organization that could prove one would let in the world.
_EVERYBODYS = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com"}
    | {"aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "mail.com", "yandex.com", "qq.com"}
)


@transaction.atomic
def name_domain(user: User, *, domain: str) -> VerifiedDomain:
    """The domain with the record that will prove it; the same one again for a domain that is named already.

    Raises NotAllowedError, NotADomainError.
    """
    require(user, Capability.MANAGE_ORGANIZATION)
    canonical = _canonical(domain)
    proof = f"ai-prism-verification={secrets.token_urlsafe(24)}"
    named, is_new = VerifiedDomain.objects.get_or_create(domain=canonical, defaults={"proof": proof})
    if is_new:
        record("sso.domain_added", actor=user, target=named.pk, detail={"domain": named.domain})
    return named


def prove_domain(user: User, *, domain_id: UUID) -> VerifiedDomain:
    """Look into the DNS now, outside any transaction; NotAllowedError, NotFoundError, DomainNotProvenError."""
    named = _one(user, domain_id)
    if named.verified_at is not None:
        return named
    if not holds_record(named.domain, named.proof):
        raise DomainNotProvenError(domain=named.domain)
    with transaction.atomic():
        named.verified_at = now()
        named.save(update_fields=["verified_at", "updated_at"])
        record("sso.domain_verified", actor=user, target=named.pk, detail={"domain": named.domain})
    return named


@transaction.atomic
def remove_domain(user: User, *, domain_id: UUID) -> None:
    """From now on its addresses find nobody; whoever came before comes on. NotAllowedError, NotFoundError."""
    named = _one(user, domain_id)
    record("sso.domain_removed", actor=user, target=named.pk, detail={"domain": named.domain})
    named.delete()


def _one(user: User, domain_id: UUID) -> VerifiedDomain:
    named = mail_domains_for(user).filter(pk=domain_id).first()
    if named is None:
        raise NotFoundError
    return named


def _canonical(domain: str) -> str:
    try:
        canonical = domain.strip().rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise NotADomainError from error
    if not _DOMAIN.fullmatch(canonical) or canonical in _EVERYBODYS:
        raise NotADomainError
    return canonical
