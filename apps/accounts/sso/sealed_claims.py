"""Claims in a row, until they are collected or shown: sealed, for they are somebody's name and address."""

import json
from dataclasses import asdict
from typing import Any

from apps.accounts.models import AnsweredSignIn
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.saml_profile import SessionWords
from apps.kernel.storage.sealed_values import seal, unseal

_PURPOSE = "sso_claims"


def sealed_claims(claims: Claims, *, words: SessionWords | None = None) -> str:
    """For AnsweredSignIn.claims_sealed; with what a SAML provider calls the session."""
    values: dict[str, Any] = {
        "subject": claims.subject,
        "email": claims.email,
        "name": claims.name,
        "groups": sorted(claims.groups),
        "is_email_disowned": claims.is_email_disowned,
        "attributes": {name: list(found) for name, found in claims.attributes.items()},
    }
    if words is not None:
        values["words"] = asdict(words)
    return seal(json.dumps(values), purpose=_PURPOSE)


def claims_in(answered: AnsweredSignIn) -> Claims:
    """What the answer said."""
    values = _opened(answered)
    values.pop("words", None)
    values["groups"] = frozenset(values["groups"])
    values["attributes"] = {name: tuple(found) for name, found in values["attributes"].items()}
    return Claims(**values)


def words_in(answered: AnsweredSignIn) -> SessionWords:
    """What the provider calls the session; for answers of SAML, which have them."""
    return SessionWords(**_opened(answered)["words"])


def _opened(answered: AnsweredSignIn) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(unseal(answered.claims_sealed, purpose=_PURPOSE))
    return opened
