"""Every address names the capability it needs, or stands in the short list of those that everybody may use."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.api.gate import CapabilityGate
from apps.accounts.api.scim.gate import ProvisioningView
from apps.accounts.views.gate import CapabilityView, PublicView
from apps.kernel.events.views import __name__ as stream_module

# What belongs to no capability: how one signs in, one's own profile, the description of the API, the stream of one's own news.
OPEN_TO_EVERYONE = {
    "accounts:sign_in",
    "accounts:sign_out",
    "accounts:password_forgot",
    "accounts:password_reset",
    "accounts:invitation",
    "accounts:oidc_back_channel_logout",
    "accounts:oidc_login",
    "accounts:oidc_callback",
    "accounts:ldap_login",
    "accounts:look_logo",
    "accounts:look_style",
    "accounts:mailed_code",
    "accounts:mailed_code_again",
    "accounts:saml_metadata",
    "accounts:saml_login",
    "accounts:saml_acs",
    "accounts:saml_sls",
    "accounts:saml_collect",
    "accounts:second_factor",
    "accounts:second_factor_set_up",
    "accounts:new_passkey_at_sign_in_options",
    "accounts:new_passkey_at_sign_in",
    "accounts:passkey_options",
    "accounts:passkey_sign_in",
}


def _addresses(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name or entry.pattern}", entry


def _ours() -> dict[str, Any]:
    """Class of each view of the product by its address's name; Django admin guards itself."""
    return {
        name: getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
        for name, pattern in _addresses(get_resolver())
        if not name.startswith("admin:")
        and getattr(pattern.callback, "__module__", "").startswith("apps.")
        and pattern.callback.__module__ != stream_module
    }


def test_every_page_and_endpoint_declares_a_capability() -> None:
    ours = _ours()
    assert len(ours) > 40, "the resolver was walked"
    undeclared = [
        name
        for name, view in ours.items()
        if view is None
        or not (
            (issubclass(view, CapabilityView) and view.capability is not None)
            or (issubclass(view, CapabilityGate) and (view.capability is not None or view.capabilities))
            or issubclass(view, PublicView)
            # A directory is nobody: what it may do is bound to its connection, not to a capability.
            or issubclass(view, ProvisioningView)
        )
    ]
    assert undeclared == []


def test_what_is_open_to_everyone_is_known_by_name() -> None:
    public = {name for name, view in _ours().items() if view is not None and issubclass(view, PublicView)}
    assert public <= OPEN_TO_EVERYONE, public - OPEN_TO_EVERYONE
