"""Secrets in rows: sealed for one organization and one purpose, and damage is said."""

import base64
from typing import Any

import pytest

from apps.kernel.storage.key_providers import KeyUnavailableError
from apps.kernel.storage.sealed_values import SealedValueDamagedError, seal, unseal
from apps.kernel.tenancy.context import inside


def test_a_sealed_value_comes_back_and_is_not_readable(tenant_a: Any) -> None:
    sealed = seal("hunter2 – geheim", purpose="oidc_client_secret")
    assert unseal(sealed, purpose="oidc_client_secret") == "hunter2 – geheim"
    assert b"hunter2" not in base64.urlsafe_b64decode(sealed)
    assert sealed != seal("hunter2 – geheim", purpose="oidc_client_secret"), "equal secrets do not look equal"


def test_it_opens_for_its_purpose_only(tenant_a: Any) -> None:
    sealed = seal("secret", purpose="oidc_client_secret")
    with pytest.raises(SealedValueDamagedError):
        unseal(sealed, purpose="saml_private_key")


def test_it_opens_in_its_organization_only(tenant_a: Any, tenant_b: Any) -> None:
    sealed = seal("secret", purpose="oidc_client_secret")
    with inside(tenant_b), pytest.raises(KeyUnavailableError):
        unseal(sealed, purpose="oidc_client_secret")
    assert unseal(sealed, purpose="oidc_client_secret") == "secret"


@pytest.mark.parametrize(
    "damage",
    [
        lambda sealed: "",
        lambda sealed: "not sealed",
        lambda sealed: sealed[:-8],
        lambda sealed: sealed[:4],
        lambda sealed: "B" + sealed[1:],
        lambda sealed: base64.urlsafe_b64encode(
            (raw := base64.urlsafe_b64decode(sealed))[:-1] + bytes([raw[-1] ^ 1])
        ).decode(),
        lambda sealed: sealed + "é",
    ],
)
def test_a_damaged_one_is_said_to_be_so(tenant_a: Any, damage: Any) -> None:
    sealed = seal("secret", purpose="p")
    with pytest.raises(SealedValueDamagedError):
        unseal(damage(sealed), purpose="p")
    assert unseal(sealed, purpose="p") == "secret"
