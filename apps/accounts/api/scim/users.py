"""/scim/v2/Users"""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from scim2_models import Context, PatchOp

from apps.accounts.api.scim.gate import ProvisioningView, access_of
from apps.accounts.api.scim.listing import answer_page, filtered, page_of, parameters_of, shown
from apps.accounts.api.scim.resources import TOLERANT, User, person_said, user_resource
from apps.accounts.capabilities import Whose
from apps.accounts.models import SCIMPerson
from apps.accounts.selectors import scim_people, scim_person_for
from apps.accounts.services.provision_people import change_provisioned, provision_person, remove_provisioned
from apps.accounts.sso.addresses import scim_address
from apps.accounts.sso.directory import PersonSaid


class Users(ProvisioningView):
    """List and create."""

    def get(self, request: Request) -> Response:
        """The people whom this directory has sent."""
        page = page_of(request)
        rows = filtered(request, scim_people(access_of(request)), User)
        found = page.of(rows.prefetch_related("groups"))
        parameters, base = parameters_of(request, User), scim_address()
        resources = [shown(user_resource(row, base), parameters) for row in found]
        return Response(answer_page(resources, total=rows.count(), page=page))

    def post(self, request: Request) -> Response:
        """Somebody new to the directory."""
        wanted = _read(request.data, Context.RESOURCE_CREATION_REQUEST)
        made = provision_person(access_of(request), person_said(wanted))
        return Response(
            _body(request, made), status=201, headers={"Location": f"{scim_address()}/Users/{made.person_id}"}
        )


class OneUser(ProvisioningView):
    """Read, replace, change, remove."""

    whose = Whose.OWN

    def get(self, request: Request, user_id: UUID) -> Response:
        """One person."""
        return Response(_body(request, scim_person_for(access_of(request), user_id)))

    def put(self, request: Request, user_id: UUID) -> Response:
        """The person as the body says."""
        wanted = _read(request.data, Context.RESOURCE_REPLACEMENT_REQUEST)
        return self._change(request, user_id, lambda row: person_said(wanted, before=row, external_id=row.external_id))

    def patch(self, request: Request, user_id: UUID) -> Response:
        """The operations, all of them or none."""
        operations = PatchOp[User].model_validate(
            request.data, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=TOLERANT
        )

        def draw(row: SCIMPerson) -> PersonSaid:
            resource = user_resource(row, scim_address())
            operations.patch(resource, scim_policy=TOLERANT)
            return person_said(resource, before=row)

        return self._change(request, user_id, draw)

    def delete(self, request: Request, user_id: UUID) -> Response:
        """Deactivate the person; the directory does not know them any more, what they did stays."""
        remove_provisioned(access_of(request), user_id)
        return Response(status=204)

    def _change(self, request: Request, user_id: UUID, draw: Any) -> Response:
        return Response(_body(request, change_provisioned(access_of(request), user_id, draw=draw)))


def _body(request: Request, row: SCIMPerson) -> dict[str, Any]:
    return shown(user_resource(row, scim_address()), parameters_of(request, User))


def _read(body: Any, context: Context) -> User:
    return User.model_validate(body, scim_ctx=context, scim_policy=TOLERANT)
