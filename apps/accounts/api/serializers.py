"""People and keys as programs see them."""

from typing import ClassVar, TypedDict

from django.conf import settings
from rest_framework import serializers

from apps.accounts.capabilities import Capability
from apps.accounts.choices import ROLE_CHOICES, RiskMode, SecondFactorRule, Theme
from apps.accounts.models import ApiKey, Invitation, SignInPolicy, User
from apps.accounts.models.sign_in_policy import LEAST_RISK, LONGEST_IDLE_S, LONGEST_SESSION_S, SHORTEST_LIMIT_S
from apps.accounts.services.issue_api_key import LONGEST_LIFE_DAYS
from apps.accounts.services.rotate_api_key import LONGEST_OVERLAP_DAYS
from apps.kernel.http.links import address_of, link_to
from apps.kernel.http.shown import ShownSerializer
from apps.kernel.http.strict_input import StrictSerializer
from apps.kernel.tenancy.context import current_tenant


class Links(TypedDict):
    """Where this is; where more is."""

    self: str


class OrganizationShape(TypedDict):
    """The organization of this host."""

    slug: str
    name: str


class MeLinks(Links):
    """What the caller has of their own."""

    api_keys: str
    stream: str
    root: str


class MeSerializer(ShownSerializer[User]):
    """Who is calling, and what they may do here; a key's scopes are taken into account."""

    email = serializers.SerializerMethodField(help_text="Empty for a service account, which has none.")
    capabilities = serializers.SerializerMethodField()
    organization = serializers.SerializerMethodField()
    _links = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields: ClassVar[list[str]] = [
            "id",
            "email",
            "name",
            "role",
            "language",
            "theme",
            "time_zone",
            "keys_enabled",
            "capabilities",
            "organization",
            "_links",
        ]
        read_only_fields = fields

    def get_email(self, person: User) -> str:
        """The address of a person."""
        return "" if person.is_program else person.email

    def get_capabilities(self, person: User) -> list[str]:
        """Sorted names."""
        return sorted(capability.value for capability in person.grants())

    def get_organization(self, person: User) -> OrganizationShape:
        """The organization of this host."""
        del person
        tenant = current_tenant()
        return {"slug": tenant.slug, "name": tenant.name}

    def get__links(self, person: User) -> MeLinks:
        """Where to go from here."""
        del person
        return {
            "self": address_of("accounts_api:me"),
            "api_keys": address_of("accounts_api:api_keys"),
            "stream": address_of("accounts_api:stream"),
            "root": address_of("api_root"),
        }


class ProfileChangeSerializer(StrictSerializer):
    """What a person may change of their own."""

    name = serializers.CharField(max_length=150, required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = serializers.ChoiceField(choices=Theme.choices, required=False)
    time_zone = serializers.CharField(max_length=64, required=False)
    keys_enabled = serializers.BooleanField(required=False)


class PersonSerializer(ShownSerializer[User]):
    """One person."""

    _links = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["id", "email", "name", "role", "is_active", "last_seen", "created_at", "_links"]
        read_only_fields = fields

    def get__links(self, person: User) -> Links:
        """Where this person is."""
        return {"self": link_to("accounts_api:person", person.pk)}


class PersonChangeSerializer(StrictSerializer):
    """What administrators may change of a person."""

    role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False)
    is_active = serializers.BooleanField(required=False)


class InviteSerializer(StrictSerializer):
    """Whom to invite, as what."""

    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=ROLE_CHOICES)
    name = serializers.CharField(max_length=150, required=False, allow_blank=True, default="")


class InvitationSerializer(ShownSerializer[Invitation]):
    """An open invitation. Its link is in the mail alone."""

    _links = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields: ClassVar[list[str]] = ["id", "email", "name", "role", "expires_at", "created_at", "_links"]
        read_only_fields = fields

    def get__links(self, invitation: Invitation) -> Links:
        """Where this invitation is."""
        return {"self": link_to("accounts_api:invitation", invitation.pk)}


class SignInPolicySerializer(ShownSerializer[SignInPolicy]):
    """How people sign in to the organization."""

    _links = serializers.SerializerMethodField()

    class Meta:
        model = SignInPolicy
        fields: ClassVar[list[str]] = [
            "second_factor",
            "requires_sso",
            "idle_limit_s",
            "absolute_limit_s",
            "risk_mode",
            "step_up_risk",
            "deny_risk",
            "_links",
        ]
        read_only_fields = fields

    def get__links(self, policy: SignInPolicy) -> Links:
        """Where it is."""
        del policy
        return {"self": address_of("accounts_api:sign_in_policy")}


class SignInPolicyChangeSerializer(StrictSerializer):
    """What is to change; what is left out stays."""

    second_factor = serializers.ChoiceField(choices=SecondFactorRule.choices, required=False)
    idle_limit_s = serializers.IntegerField(min_value=SHORTEST_LIMIT_S, max_value=LONGEST_IDLE_S, required=False)
    absolute_limit_s = serializers.IntegerField(min_value=SHORTEST_LIMIT_S, max_value=LONGEST_SESSION_S, required=False)
    risk_mode = serializers.ChoiceField(choices=RiskMode.choices, required=False)
    step_up_risk = serializers.FloatField(min_value=LEAST_RISK, max_value=1, required=False)
    deny_risk = serializers.FloatField(min_value=LEAST_RISK, max_value=1, required=False)


class KeyLinks(Links):
    """What can be done with a key."""

    rotate: str


class ApiKeySerializer(ShownSerializer[ApiKey]):
    """One of the caller's keys, without the key itself."""

    _links = serializers.SerializerMethodField()

    class Meta:
        model = ApiKey
        fields: ClassVar[list[str]] = [
            "id",
            "name",
            "prefix",
            "scopes",
            "expires_at",
            "previous_ends_at",
            "rotated_at",
            "last_used_at",
            "last_network",
            "created_at",
            "_links",
        ]
        read_only_fields = fields

    def get__links(self, key: ApiKey) -> KeyLinks:
        """Where this key is, and where it is renewed."""
        return {
            "self": link_to("accounts_api:api_key", key.pk),
            "rotate": link_to("accounts_api:rotate_api_key", key.pk),
        }


class KeyOwnerShape(TypedDict):
    """Whose key it is; a program is a service account."""

    id: str
    name: str
    is_program: bool


class OwnedKeySerializer(ApiKeySerializer):
    """One key of the organization, with its owner."""

    owner = serializers.SerializerMethodField()

    class Meta(ApiKeySerializer.Meta):
        fields: ClassVar[list[str]] = [*ApiKeySerializer.Meta.fields, "owner"]
        read_only_fields = fields

    def get_owner(self, key: ApiKey) -> KeyOwnerShape:
        """Whose key it is."""
        return {"id": str(key.owner_id), "name": key.owner.name, "is_program": key.owner.is_program}


class NewApiKeySerializer(StrictSerializer):
    """What the key is for, what it may do, and how long it lives."""

    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[scope.value for scope in Capability]), min_length=1, max_length=20
    )
    life_days = serializers.IntegerField(min_value=1, max_value=LONGEST_LIFE_DAYS, required=False, default=90)


class RotateKeySerializer(StrictSerializer):
    """For how many days the secret of before goes on, and how long the new one lives."""

    overlap_days = serializers.IntegerField(min_value=0, max_value=LONGEST_OVERLAP_DAYS, required=False, default=1)
    life_days = serializers.IntegerField(min_value=1, max_value=LONGEST_LIFE_DAYS, required=False, default=90)


class IssuedKeySerializer(ApiKeySerializer):
    """A new key; `key` is shown this once."""

    key = serializers.SerializerMethodField()

    class Meta(ApiKeySerializer.Meta):
        fields: ClassVar[list[str]] = [*ApiKeySerializer.Meta.fields, "key"]
        read_only_fields = fields

    def get_key(self, row: ApiKey) -> str:
        """The key itself, which is nowhere else."""
        del row
        return str(self.context["token"])
