"""/scim/v2/Groups"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from scim2_models import Context, PatchOp

from apps.accounts.api.scim.gate import ProvisioningView, access_of
from apps.accounts.api.scim.listing import (
    answer_page,
    asks_for_members,
    filtered,
    page_of,
    parameters_of,
    shown,
)
from apps.accounts.api.scim.resources import TOLERANT, Group, group_resource, group_said
from apps.accounts.capabilities import Whose
from apps.accounts.models import SCIMGroup
from apps.accounts.selectors import scim_group_for, scim_groups
from apps.accounts.services.provision_groups import change_group, make_group, remove_group
from apps.accounts.sso.addresses import scim_address
from apps.accounts.sso.directory import GroupSaid


class Groups(ProvisioningView):
    """List and create."""

    def get(self, request: Request) -> Response:
        """The groups of this directory."""
        page = page_of(request)
        rows = filtered(request, scim_groups(access_of(request)), Group)
        found = page.of(rows.prefetch_related("memberships__member") if asks_for_members(request) else rows)
        resources = _bodies(request, found)
        return Response(answer_page(resources, total=rows.count(), page=page))

    def post(self, request: Request) -> Response:
        """A new group."""
        wanted = _read(request.data, Context.RESOURCE_CREATION_REQUEST)
        made = make_group(access_of(request), group_said(wanted))
        return Response(_body(request, made), status=201, headers={"Location": f"{scim_address()}/Groups/{made.pk}"})


class OneGroup(ProvisioningView):
    """Read, replace, change, remove."""

    whose = Whose.OWN

    def get(self, request: Request, group_id: UUID) -> Response:
        """One group."""
        return Response(_body(request, scim_group_for(access_of(request), group_id)))

    def put(self, request: Request, group_id: UUID) -> Response:
        """The group as the body says: members that it leaves out leave."""
        wanted = _read(request.data, Context.RESOURCE_REPLACEMENT_REQUEST)
        return self._change(
            request, group_id, lambda group, _members: group_said(wanted, external_id=group.external_id)
        )

    def patch(self, request: Request, group_id: UUID) -> Response:
        """The operations, all of them or none; `add` adds to the members there are."""
        operations = PatchOp[Group].model_validate(
            request.data, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=TOLERANT
        )

        def draw(group: SCIMGroup, members: frozenset[UUID]) -> GroupSaid:
            resource = group_resource(group, members, scim_address())
            operations.patch(resource, scim_policy=TOLERANT)
            return group_said(resource)

        return self._change(request, group_id, draw)

    def delete(self, request: Request, group_id: UUID) -> Response:
        """Remove the group; its people stay, without what it gave them."""
        remove_group(access_of(request), group_id)
        return Response(status=204)

    def _change(self, request: Request, group_id: UUID, draw: Any) -> Response:
        return Response(_body(request, change_group(access_of(request), group_id, draw=draw)))


def _read(body: Any, context: Context) -> Group:
    return Group.model_validate(body, scim_ctx=context, scim_policy=TOLERANT)


def _body(request: Request, group: SCIMGroup) -> dict[str, Any]:
    return _bodies(request, [group])[0]


def _bodies(request: Request, groups: Iterable[SCIMGroup]) -> list[dict[str, Any]]:
    parameters, base = parameters_of(request, Group), scim_address()
    has_members = asks_for_members(request)
    return [
        shown(group_resource(group, _members(group) if has_members else None, base), parameters) for group in groups
    ]


def _members(group: SCIMGroup) -> list[UUID]:
    return [row.member.person_id for row in group.memberships.all()]
