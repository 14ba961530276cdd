"""What this service is able to do, and the shape of its resources (RFC 7644 section 4)."""

from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    Context,
    ETag,
    Filter,
    ForbiddenException,
    Meta,
    NotFoundException,
    NotImplementedException,
    Patch,
    ResourceType,
    Schema,
    ServiceProviderConfig,
    Sort,
)

from apps.accounts.api.scim.answers import list_body
from apps.accounts.api.scim.gate import ProvisioningView
from apps.accounts.api.scim.listing import MOST_RESULTS
from apps.accounts.api.scim.resources import Group, User
from apps.accounts.capabilities import Whose
from apps.tenants.selectors import absolute_link

_TYPES = (User, Group)


class Config(ProvisioningView):
    """/ServiceProviderConfig"""

    def get(self, request: Request) -> Response:
        """PATCH and filters are there; bulk, passwords, sorting and ETags are not."""
        del request
        config = ServiceProviderConfig(
            patch=Patch(supported=True),
            bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
            filter=Filter(supported=True, max_results=MOST_RESULTS),
            change_password=ChangePassword(supported=False),
            sort=Sort(supported=False),
            etag=ETag(supported=False),
            authentication_schemes=[
                AuthenticationScheme(
                    type=AuthenticationScheme.Type.oauthbearertoken,
                    name="Bearer token",
                    description="The token that an administrator made on the page of the connection.",
                )
            ],
        )
        location = absolute_link(reverse("scim:config"))
        config.meta = Meta(resource_type="ServiceProviderConfig", location=location)
        return Response(_dump(config))


class ResourceTypes(ProvisioningView):
    """/ResourceTypes"""

    def get(self, request: Request) -> Response:
        """Users and groups."""
        return _list(request, [_resource_type(model) for model in _TYPES])


class OneResourceType(ProvisioningView):
    """/ResourceTypes/User"""

    whose = Whose.EVERYBODYS

    def get(self, request: Request, name: str) -> Response:
        """One of them."""
        _refuse_filter(request)
        return _one([_resource_type(model) for model in _TYPES], name)


class Schemas(ProvisioningView):
    """/Schemas"""

    def get(self, request: Request) -> Response:
        """What is kept of users and groups."""
        return _list(request, [_schema(model) for model in _TYPES])


class OneSchema(ProvisioningView):
    """/Schemas/urn:…"""

    whose = Whose.EVERYBODYS

    def get(self, request: Request, urn: str) -> Response:
        """One of them."""
        _refuse_filter(request)
        return _one([_schema(model) for model in _TYPES], urn)


class NotSupported(ProvisioningView):
    """/Bulk, /Me and the searches by POST."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say so to whoever has a token, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise NotImplementedException


class Nothing(ProvisioningView):
    """Every other address below /scim/v2/."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say so to whoever has a token, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise NotFoundException


def _resource_type(model: type[User] | type[Group]) -> ResourceType:
    made = ResourceType.from_resource(model)
    location = absolute_link(reverse("scim:resource_type", args=[made.id]))
    made.meta = Meta(resource_type="ResourceType", location=location)
    return made


def _schema(model: type[User] | type[Group]) -> Schema:
    made = model.to_schema()
    made.meta = Meta(resource_type="Schema", location=absolute_link(reverse("scim:schema", args=[made.id])))
    return made


def _dump(resource: ServiceProviderConfig | ResourceType | Schema) -> dict[str, Any]:
    body: dict[str, Any] = resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    return body


def _refuse_filter(request: Request) -> None:
    """RFC 7644 section 4: discovery is not filtered."""
    if "filter" in request.query_params:
        raise ForbiddenException


def _list(request: Request, resources: list[Any]) -> Response:
    _refuse_filter(request)
    return Response(list_body([_dump(resource) for resource in resources], total=len(resources), start=1))


def _one(resources: list[Any], key: str) -> Response:
    found = next((one for one in resources if str(one.id).casefold() == key.casefold()), None)
    if found is None:
        raise NotFoundException
    return Response(_dump(found))
