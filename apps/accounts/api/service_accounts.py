"""/api/v2/service-accounts"""

from typing import Any, ClassVar, TypedDict
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.keys import answer_with_key
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.api.serializers import ApiKeySerializer, IssuedKeySerializer, Links, NewApiKeySerializer
from apps.accounts.capabilities import Capability, RoleName, Whose
from apps.accounts.choices import PROGRAM_ROLE_CHOICES
from apps.accounts.models import ServiceAccount, User
from apps.accounts.second_factor.session_notes import require_fresh
from apps.accounts.selectors import keys_of_service_account, service_account_for, service_accounts_for
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.service_accounts import (
    LONGEST_PURPOSE,
    ServiceAccountSaid,
    change_service_account,
    deactivate_service_account,
    make_service_account,
    reactivate_service_account,
)
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.links import link_to
from apps.kernel.http.shown import ShownSerializer
from apps.kernel.http.strict_input import StrictSerializer, given


class ResponsibleShape(TypedDict):
    """Who is responsible."""

    id: str
    name: str
    is_active: bool


class ServiceAccountLinks(Links):
    """Where the account's keys are."""

    keys: str


class ServiceAccountSerializer(ShownSerializer[ServiceAccount]):
    """A program that belongs to the organization. Documents that it uploads, and what it does, bear its name."""

    name = serializers.CharField(source="account.name", read_only=True)
    role = serializers.ChoiceField(source="account.role", choices=PROGRAM_ROLE_CHOICES, read_only=True)
    is_active = serializers.BooleanField(source="account.is_active", read_only=True)
    responsible = serializers.SerializerMethodField(help_text="`null`, or not active: nobody looks after it.")
    _links = serializers.SerializerMethodField()

    class Meta:
        model = ServiceAccount
        fields: ClassVar[list[str]] = [
            "id",
            "name",
            "purpose",
            "role",
            "is_active",
            "responsible",
            "created_at",
            "_links",
        ]
        read_only_fields = fields

    def get_responsible(self, account: ServiceAccount) -> ResponsibleShape | None:
        """Who is responsible."""
        person = account.responsible
        return None if person is None else {"id": str(person.pk), "name": person.name, "is_active": person.is_active}

    def get__links(self, account: ServiceAccount) -> ServiceAccountLinks:
        """Where this account is, and its keys."""
        return {
            "self": link_to("accounts_api:service_account", account.pk),
            "keys": link_to("accounts_api:service_account_keys", account.pk),
        }


class NewServiceAccountSerializer(StrictSerializer):
    """What the program is called, what it is for, what it may do at most, and who is responsible for it."""

    name = serializers.CharField(max_length=150)
    purpose = serializers.CharField(max_length=LONGEST_PURPOSE)
    role = serializers.ChoiceField(choices=PROGRAM_ROLE_CHOICES)
    responsible = serializers.UUIDField()


class ServiceAccountChangeSerializer(StrictSerializer):
    """What is to change; what is left out stays."""

    name = serializers.CharField(max_length=150, required=False)
    purpose = serializers.CharField(max_length=LONGEST_PURPOSE, required=False)
    role = serializers.ChoiceField(choices=PROGRAM_ROLE_CHOICES, required=False)
    responsible = serializers.UUIDField(required=False)
    is_active = serializers.BooleanField(required=False)


class ServiceAccounts(CapabilityListView):
    """List and make."""

    capability = Capability.MANAGE_ORGANIZATION
    fresh_for = frozenset({"POST"})
    persons_only = frozenset({"POST"})
    tag = "service accounts"

    @extend_schema(operation_id="service_accounts_list", responses=ServiceAccountSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All service accounts, deactivated ones too."""
        return self.page(request, service_accounts_for(caller_of(request)), ServiceAccountSerializer)

    @extend_schema(
        operation_id="service_accounts_create",
        request=NewServiceAccountSerializer,
        responses={201: ServiceAccountSerializer},
        examples=[
            OpenApiExample(
                "A nightly import",
                {
                    "name": "Nightly import",
                    "purpose": "Brings the write-ups of the case system",
                    "role": "analyst",
                    "responsible": "0190c000-0000-7000-8000-000000000001",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Make an account, which can do nothing until it has a key. Only a signed-in administrator may, freshly confirmed."""
        return answer_once(request, lambda: self._make(request))

    def _make(self, request: Request) -> Response:
        caller = _confirmed(request)
        said = given(request, NewServiceAccountSerializer)
        account = make_service_account(caller, said=_said(said))
        body = ServiceAccountSerializer(account).data
        return Response(body, status=201, headers={"Location": body["_links"]["self"]})


class OneServiceAccount(CapabilityAPIView):
    """Read and change."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    fresh_for = frozenset({"PATCH"})
    persons_only = frozenset({"PATCH"})
    tag = "service accounts"
    is_tagged = True

    @extend_schema(operation_id="service_accounts_read", responses=ServiceAccountSerializer)
    def get(self, request: Request, account_id: UUID) -> Response:
        """One service account."""
        return _shown(request, service_account_for(caller_of(request), account_id))

    @extend_schema(
        operation_id="service_accounts_change",
        request=ServiceAccountChangeSerializer,
        responses=ServiceAccountSerializer,
    )
    def patch(self, request: Request, account_id: UUID) -> Response:
        """Change what is given. `is_active: false` ends its keys at once, and a program may ask for that too."""
        caller = caller_of(request)
        account = service_account_for(caller, account_id)
        said = given(request, ServiceAccountChangeSerializer)
        is_active = said.pop("is_active", None)
        if said or is_active:
            _confirmed(request)
        if said:
            account = change_service_account(caller, account_id=account_id, said=_said(said, account))
        if is_active is not None:
            switch = reactivate_service_account if is_active else deactivate_service_account
            account = switch(caller, account_id=account_id)
        return _shown(request, account)


class KeysOfServiceAccount(CapabilityListView):
    """The keys of one account."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    fresh_for = frozenset({"POST"})
    persons_only = frozenset({"POST"})
    tag = "service accounts"

    @extend_schema(operation_id="service_accounts_keys_list", responses=ApiKeySerializer(many=True))
    def get(self, request: Request, account_id: UUID) -> Response:
        """Its keys; revoked ones are left out."""
        return self.page(request, keys_of_service_account(caller_of(request), account_id), ApiKeySerializer)

    @extend_schema(
        operation_id="service_accounts_keys_create",
        request=NewApiKeySerializer,
        responses={201: IssuedKeySerializer},
    )
    def post(self, request: Request, account_id: UUID) -> HttpResponse:
        """Make a key for it; only a signed-in administrator may, freshly confirmed. `key` is in this answer and nowhere else."""
        return answer_once(request, lambda: self._issue(request, account_id))

    def _issue(self, request: Request, account_id: UUID) -> Response:
        caller = caller_of(request)
        service_account_for(caller, account_id)
        _confirmed(request)
        said = given(request, NewApiKeySerializer)
        scopes = [Capability(scope) for scope in said["scopes"]]
        issued = issue_api_key(
            caller, name=said["name"], scopes=scopes, life_days=said["life_days"], account_id=account_id
        )
        return answer_with_key(issued)


def _confirmed(request: Request) -> User:
    """The caller, who has proven who they are within ten minutes; a program is refused by the deed itself."""
    caller = caller_of(request)
    if caller.key_scopes is None:
        require_fresh(request.session)
    return caller


def _said(said: dict[str, Any], account: ServiceAccount | None = None) -> ServiceAccountSaid:
    """What is said, and for the rest what was."""
    if account is not None:
        before = {"name": account.account.name, "purpose": account.purpose, "role": account.account.role}
        said = {**before, "responsible": account.responsible_id, **said}
    return ServiceAccountSaid(said["name"], said["purpose"], RoleName(said["role"]), said["responsible"])


def _shown(request: Request, account: ServiceAccount) -> Response:
    return answer_with_tag(request, ServiceAccountSerializer(account).data)
