"""Claims in a row, until the page that shows them: sealed, for they are somebody's name and address."""

import json

from apps.accounts.sso.claims import Claims
from apps.kernel.storage.sealed_values import seal

_PURPOSE = "sso_claims"


def sealed_claims(claims: Claims) -> str:
    """For AnsweredSignIn.claims_sealed."""
    values = {
        "subject": claims.subject,
        "email": claims.email,
        "name": claims.name,
        "groups": sorted(claims.groups),
        "is_email_disowned": claims.is_email_disowned,
        "attributes": {name: list(found) for name, found in claims.attributes.items()},
    }
    return seal(json.dumps(values), purpose=_PURPOSE)
