"""The doors: a view without a capability gets no URL."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from rest_framework.test import APIRequestFactory

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability
from apps.accounts.views.gate import CapabilityView, person_of
from apps.kernel.errors import NotAllowedError


def test_a_page_without_a_capability_gets_no_url() -> None:
    class Forgotten(CapabilityView):
        def get(self, request: Any) -> Any: ...

    class Declared(Forgotten):
        capability = Capability.READ_DOCUMENTS

    with pytest.raises(ImproperlyConfigured, match="Forgotten declares no capability"):
        Forgotten.as_view()
    assert callable(Declared.as_view())


def test_an_endpoint_needs_a_capability_for_each_of_its_methods() -> None:
    class Half(CapabilityAPIView):
        capabilities = {"GET": Capability.READ_DOCUMENTS}

        def get(self, request: Any) -> Any: ...

        def post(self, request: Any) -> Any: ...

    class Whole(Half):
        capabilities = {"GET": Capability.READ_DOCUMENTS, "POST": Capability.UPLOAD_DOCUMENTS}

    with pytest.raises(ImproperlyConfigured, match="Half declares no capability for POST"):
        Half.as_view()
    assert callable(Whole.as_view())


def test_a_method_without_code_is_405_for_those_who_are_signed_in(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    client = client_for(cast_a.org_admin, tenant_a)
    assert client.put("/api/v2/people/", {}, content_type="application/json").status_code == 405
    assert client.delete("/people/").status_code == 405
    assert client.options("/api/v2/people/").status_code == 200
    assert client.head("/api/v2/people/").status_code == 200


def test_options_and_head_need_what_get_needs(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    client = client_for(cast_a.viewer, tenant_a)
    assert client.options("/api/v2/people/").status_code == 403
    assert client.head("/api/v2/people/").status_code == 403


def test_there_is_no_person_where_nobody_is_signed_in(tenant_a: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    page, call = RequestFactory().get("/"), APIRequestFactory().get("/")
    page.user = call.user = AnonymousUser()
    with pytest.raises(NotAllowedError):
        person_of(page)
    with pytest.raises(NotAllowedError):
        caller_of(call)  # type: ignore[arg-type]
