"""Whatever organizations share a server for bears the organization in its name: cache entries, groups, signed values."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import override_settings

from apps.kernel.signing import InvalidSignatureError, sign, verify
from apps.kernel.tenancy.cache_keys import UnscopedKeyError, control_plane_key, group_name, tenant_key
from apps.kernel.tenancy.context import in_control_plane, inside


def test_a_cache_entry_of_one_organization_is_missing_in_the_other(both_tenants: Any) -> None:
    alpha, beta = both_tenants
    name = uuid4()
    with inside(alpha):
        cache.set(tenant_key("page", name), "what alpha reads", 60)
        assert cache.get(tenant_key("page", name)) == "what alpha reads"
    with inside(beta):
        assert cache.get(tenant_key("page", name)) is None
        assert cache.add(tenant_key("page", name), "what beta reads", 60)
    with inside(alpha):
        assert cache.get(tenant_key("page", name)) == "what alpha reads"


@pytest.mark.parametrize("deed", ["get", "set", "delete", "incr", "touch"])
def test_a_key_that_names_no_organization_or_another_one_is_refused(both_tenants: Any, deed: str) -> None:
    """A forgotten organization would make one entry for all; the mistake must show at once, not in somebody's page."""
    alpha, beta = both_tenants
    arguments = ["x"] if deed == "set" else []
    with inside(beta):
        foreign = tenant_key("page")
    with inside(alpha):
        for key in ("page", "user:1", "", "t:", foreign, f"t:{alpha.id}x:page"):
            with pytest.raises(UnscopedKeyError):
                getattr(cache, deed)(key, *arguments)
        own = tenant_key("page")
        cache.set(own, 1, 60)
        getattr(cache, deed)(own, *arguments)
    with in_control_plane():
        with pytest.raises(UnscopedKeyError):
            getattr(cache, deed)(own, *arguments)
        cache.set(control_plane_key("release"), 1, 60)
        getattr(cache, deed)(control_plane_key("release"), *arguments)


def test_groups_of_two_organizations_never_meet(both_tenants: Any) -> None:
    names = []
    for tenant in both_tenants:
        with inside(tenant):
            names.append(group_name("stream"))
            assert group_name("stream") != group_name("stream", "x")
            assert str(tenant.id) in group_name("a" * 500)
            assert len(group_name("a" * 500, "ü")) < 100
    assert names[0] != names[1]


def test_a_signed_value_is_worth_nothing_elsewhere(both_tenants: Any) -> None:
    """A link that one organization's mail holds must not open anything in another one, nor anything it was not made for."""
    alpha, beta = both_tenants
    token = sign("17", purpose="invitation", tenant_id=alpha.id)
    assert verify(token, purpose="invitation", tenant_id=alpha.id, max_age_s=60) == "17"
    changed = f"18{token[2:]}"
    refused = [
        (token, "invitation", beta.id),
        (token, "password_reset", alpha.id),
        (changed, "invitation", alpha.id),
        (token[:-1], "invitation", alpha.id),
        ("", "invitation", alpha.id),
        ("17", "invitation", alpha.id),
    ]
    for value, purpose, tenant_id in refused:
        with pytest.raises(InvalidSignatureError):
            verify(value, purpose=purpose, tenant_id=tenant_id)


def test_a_signed_value_grows_old(both_tenants: Any) -> None:
    token = sign("17", purpose="p", tenant_id=both_tenants[0].id)
    assert verify(token, purpose="p", tenant_id=both_tenants[0].id, max_age_s=60) == "17"
    with pytest.raises(InvalidSignatureError):
        verify(token, purpose="p", tenant_id=both_tenants[0].id, max_age_s=-1)


def test_a_retired_secret_still_opens_what_it_signed_and_a_strange_one_does_not(
    both_tenants: Any, settings: Any
) -> None:
    tenant_id, before = both_tenants[0].id, settings.SECRET_KEY
    token = sign("17", purpose="p", tenant_id=tenant_id)
    with override_settings(SECRET_KEY="another one " + "y" * 50, SECRET_KEY_FALLBACKS=[before]):
        assert verify(token, purpose="p", tenant_id=tenant_id) == "17"
    with override_settings(SECRET_KEY="another one " + "y" * 50), pytest.raises(InvalidSignatureError):
        verify(token, purpose="p", tenant_id=tenant_id)
