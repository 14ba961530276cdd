"""Every address of the product, read from its own resolver, and the objects that its parameters name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from apps.accounts.models import (
    AnsweredSignIn,
    ApiKey,
    BrowserSession,
    Invitation,
    InvitationBatch,
    JudgedSignIn,
    Membership,
    Passkey,
    ServiceAccount,
    SSOConnection,
    Team,
    TokenFamily,
    User,
    VerifiedDomain,
)
from apps.analysis.models import Framework
from apps.documents.models import Document
from apps.feedback.models import Export, Item
from apps.kernel.jobs.models import Job

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

# What a parameter of this name is the key of. A route with another one fails the suite until its parameter stands here.
OBJECTS: dict[str, type[Model]] = {
    "document_id": Document,
    "item_id": Item,
    "export_id": Export,
    "person_id": User,
    "invitation_id": Invitation,
    "batch_id": InvitationBatch,
    "team_id": Team,
    "membership_id": Membership,
    "key_id": ApiKey,
    "passkey_id": Passkey,
    "job_id": Job,
    "framework_id": Framework,
    "connection_id": SSOConnection,
    "domain_id": VerifiedDomain,
    "answer_id": AnsweredSignIn,
    "session_id": BrowserSession,
    "family_id": TokenFamily,
    "account_id": ServiceAccount,
    "sign_in_id": JudgedSignIn,
}
# Links that were mailed: their own tests are in test_replays.py.
MAILED = {"accounts:password_reset", "accounts:invitation"}
# A connection's name and a signed answer: tests/accounts/saml/test_browsers_and_organizations.py, oidc/test_refused_answers.py.
BY_PROVIDER = {
    "accounts:oidc_back_channel_logout",
    "accounts:oidc_callback",
    "accounts:oidc_login",
    "accounts:saml_metadata",
    "accounts:saml_login",
    "accounts:saml_acs",
    "accounts:saml_collect",
    "accounts:saml_sls",
}
# A connection's name and a password: tests/accounts/ldap/test_refused.py.
BY_PASSWORD = {"accounts:ldap_login"}
# For a directory with its token, which no session opens: tests/accounts/scim/test_access.py.
BY_DIRECTORY = {"scim:user", "scim:group", "scim:schema", "scim:resource_type"}
TOKENS = MAILED | BY_PROVIDER | BY_PASSWORD | BY_DIRECTORY
# Django's own: no object of ours by a key (a redirect from content type and key, a list of an app, and whatever is left).
ADMIN_WITHOUT_OBJECT = {"admin:view_on_site", "admin:app_list", "admin:"}


@dataclass(frozen=True)
class Route:
    """One address: its name, its parameters, and the model whose row it shows, if it shows one."""

    name: str
    parameters: tuple[str, ...]
    callback: Any

    @property
    def is_admin(self) -> bool:
        return self.name.startswith("admin:")

    @property
    def model(self) -> type[Model] | None:
        """None for an address without a row; KeyError for a parameter that nobody has declared."""
        if not self.parameters:
            return None
        if self.is_admin:
            return next(model for model in admin.site._registry if f"admin:{_label(model)}" in self.name)
        return OBJECTS[self.parameters[0]]

    def url(self, key: object = None) -> str:
        return reverse(self.name, kwargs={self.parameters[0]: key} if self.parameters else None)

    def implements(self, method: str) -> bool:
        """Whether there is code behind this method. Functions of the admin site take both of the usual ones."""
        view = getattr(self.callback, "view_class", None) or getattr(self.callback, "cls", None)
        if view is None:
            return method in {"GET", "POST"}
        return hasattr(view, "get" if method == "HEAD" else method.lower())


def _label(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_"


def all_routes() -> list[Route]:
    """In the order of the resolver."""
    return list(_below(get_resolver(), prefix="", before=()))


def _below(resolver: URLResolver, *, prefix: str, before: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        parameters = (*before, *(entry.pattern.converters if isinstance(entry.pattern, RoutePattern) else ()))
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _below(entry, prefix=space, before=parameters)
        elif isinstance(entry, URLPattern):
            yield Route(f"{prefix}{entry.name or ''}", parameters, entry.callback)
