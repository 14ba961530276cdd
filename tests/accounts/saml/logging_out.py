"""A provider that asks for sessions to end."""

from dataclasses import replace
from typing import Any

from django.test import Client

from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from tests.accounts.saml.conftest import ORIGIN
from tests.doubles.saml_logout_forge import (
    Logout,
)

SLS = "/saml/okta/sls/"
ANYBODY = Client(HTTP_HOST="alpha.localhost")


def logout(**changes: Any) -> Logout:
    """An honest request for Lena's session, with changes."""
    return replace(Logout(at=now(), destination=f"{ORIGIN}{SLS}"), **changes)


def by_redirect(query: str) -> Any:
    return ANYBODY.get(f"{SLS}?{query}")


def reason() -> str:
    return str(AuditEntry.objects.filter(action="sso.logout_refused").latest("id").detail["reason"])
