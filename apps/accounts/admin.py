"""People, teams and keys in the admin site: the same deeds, by the same services."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import RoleName
from apps.accounts.choices import ROLE_CHOICES
from apps.accounts.fact_admin import FactsAdmin
from apps.accounts.models import ApiKey, Invitation, Membership, Passkey, SSOConnection, Team, User
from apps.accounts.policies import may_grant_role, may_manage
from apps.accounts.second_factor.session_notes import require_fresh
from apps.accounts.services.change_person import change_person
from apps.accounts.services.connect_sso import switch_connection
from apps.accounts.services.give_emergency_access import give_emergency_access
from apps.accounts.services.invite import invite_person, withdraw_invitation
from apps.accounts.services.revoke_api_key import revoke_api_key
from apps.accounts.services.take_away_second_factors import take_away_second_factors
from apps.accounts.services.teams import (
    add_member,
    checked_team_name,
    make_team,
    remove_member,
    remove_team,
    rename_team,
)
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of


def _roles_of(request: HttpRequest, field: "Field[Any, Any]") -> ChoiceField:
    """Only the roles that this person may give."""
    user = request.user
    offered = [
        (value, label)
        for value, label in ROLE_CHOICES
        if isinstance(user, User) and may_grant_role(user, RoleName(value))
    ]
    return ChoiceField(label=field.verbose_name, choices=offered)


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who is in the team: put in and taken out, never exchanged."""

    model = Membership
    extra = 1
    raw_id_fields = ("user",)

    def has_change_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        """A membership has nothing to change."""
        del request, obj
        return False


class TeamAdminForm(ModelForm):  # type: ignore[type-arg]
    """A name that the service will take."""

    def clean_name(self) -> str:
        """The name as it is kept, or the service's own sentence."""
        try:
            is_new = self.instance._state.adding  # noqa: SLF001 - Django's own way to know
            return checked_team_name(self.cleaned_data["name"], but=None if is_new else self.instance)
        except DomainError as error:
            raise ValidationError(sentence_of(error)) from error


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Teams and their members, by the same deeds as in the portal."""

    form = TeamAdminForm
    offers: ClassVar[frozenset[str]] = frozenset({"view", "add", "change", "delete"})
    list_display = ("name", "created_at")
    search_fields = ("name",)
    inlines = (MembershipInline,)

    def save_model(self, request: HttpRequest, obj: Team, form: "ModelForm[Team]", change: bool) -> None:  # noqa: FBT001 - Django's own signature
        """Make or rename by the service."""
        user: Any = request.user
        if change:
            rename_team(user, team_id=obj.pk, name=form.cleaned_data["name"])
        else:
            obj.pk = make_team(user, name=form.cleaned_data["name"]).pk
            obj._state.adding = False  # noqa: SLF001 - its row is there now

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 - Django's own signature
        """Put people in and take them out by the service."""
        user: Any = request.user
        rows = formset.save(commit=False)
        for gone in formset.deleted_objects:
            remove_member(user, membership_id=gone.pk)
        for row in rows:
            add_member(user, team_id=form.instance.pk, person_id=row.user_id)

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        """Remove by the service."""
        remove_team(request.user, team_id=obj.pk)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Remove each by the service."""
        for team in queryset:
            self.delete_model(request, team)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People: role and access can be changed; new ones are invited, none is deleted here."""

    offers: ClassVar[frozenset[str]] = frozenset({"view", "change"})
    list_display = ("name", "email", "role", "is_active", "last_seen")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    fields = (
        "name",
        "email",
        "role",
        "is_active",
        "has_emergency_access",
        "language",
        "time_zone",
        "last_seen",
        "created_at",
    )
    readonly_fields = ("name", "email", "language", "time_zone", "last_seen", "created_at")
    actions = ("take_away_second_factors",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """People alone: service accounts have a page of their own."""
        return super().get_queryset(request).filter(is_program=False)

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """The role's choices depend on who gives it."""
        if db_field.name == "role":
            return _roles_of(request, db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are invited."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Those whom this person may manage."""
        if obj is not None and not (isinstance(request.user, User) and may_manage(request.user, obj)):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People are deactivated."""
        del request, obj
        return False

    def save_model(self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool) -> None:  # noqa: FBT001 - Django's own signature
        """Change role and access by the services; a refusal is shown and nothing is changed."""
        del form, change
        try:
            user: Any = request.user
            change_person(user, person_id=obj.pk, role=RoleName(obj.role), is_active=obj.is_active)
            give_emergency_access(user, person_id=obj.pk, is_given=obj.has_emergency_access)
        except DomainError as error:
            messages.error(request, sentence_of(error))

    @admin.action(description=_("Take away the second factors of the selected people"), permissions=["change"])
    def take_away_second_factors(self, request: HttpRequest, queryset: Any) -> None:
        """For lost phones, by the service; a refusal is shown."""
        for person in queryset:
            try:
                require_fresh(request.session)
                take_away_second_factors(request.user, person_id=person.pk)  # type: ignore[arg-type]
            except DomainError as error:
                messages.error(request, sentence_of(error))


@admin.register(Passkey)
class PasskeyAdmin(FactsAdmin):
    """Passkeys: whose they are and when they were used. Nothing of the key itself is shown."""

    list_display = ("name", "owner", "host", "created_at", "last_used_at")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__name", "owner__email")
    fields = ("name", "owner", "host", "created_at", "last_used_at")


@admin.register(SSOConnection)
class SSOConnectionAdmin(FactsAdmin):
    """Connections to identity providers: seen, switched on and off. They are set up in the portal, where they can be tried."""

    list_display = ("name", "kind", "is_enabled", "default_role", "last_used_at")
    list_filter = ("kind", "is_enabled")
    search_fields = ("name", "slug")
    fields = (
        "name",
        "slug",
        "kind",
        "is_enabled",
        "admits_new_people",
        "follows_groups",
        "default_role",
        "last_used_at",
    )
    actions = ("switch_on", "switch_off")  # type: ignore[assignment]

    @admin.action(description=_("Let people sign in with the selected connections"), permissions=["view"])
    def switch_on(self, request: HttpRequest, queryset: Any) -> None:
        """By the service; a refusal is shown."""
        self._switch(request, queryset, is_enabled=True)

    @admin.action(description=_("Let nobody sign in with the selected connections"), permissions=["view"])
    def switch_off(self, request: HttpRequest, queryset: Any) -> None:
        """By the service; a refusal is shown."""
        self._switch(request, queryset, is_enabled=False)

    def _switch(self, request: HttpRequest, queryset: Any, *, is_enabled: bool) -> None:
        user: Any = request.user
        for connection in queryset:
            try:
                require_fresh(request.session)
                switch_connection(user, connection_id=connection.pk, is_enabled=is_enabled)
            except DomainError as error:
                messages.error(request, sentence_of(error))


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Invitations: made and withdrawn, never changed."""

    offers: ClassVar[frozenset[str]] = frozenset({"view", "add", "delete"})
    list_display = ("email", "role", "expires_at", "accepted_at", "revoked_at")
    list_filter = ("role",)
    search_fields = ("email", "name")
    fields = ("email", "name", "role")

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """The role's choices depend on who gives it."""
        if db_field.name == "role":
            return _roles_of(request, db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """A new invitation replaces an old one."""
        del request, obj
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: "ModelForm[Invitation]", change: bool) -> None:  # noqa: FBT001 - Django's own signature
        """Invite by the service; a refusal is shown and nothing is made."""
        del form, change
        try:
            made = invite_person(request.user, email=obj.email, role=RoleName(obj.role), name=obj.name)  # type: ignore[arg-type]
        except DomainError as error:
            messages.error(request, sentence_of(error))
        else:
            obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: Invitation) -> None:
        """Withdraw; the row stays."""
        try:
            withdraw_invitation(request.user, invitation_id=obj.pk)  # type: ignore[arg-type]
        except DomainError as error:
            messages.error(request, sentence_of(error))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Withdraw each; the rows stay."""
        for invitation in queryset:
            self.delete_model(request, invitation)


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """API keys: seen and revoked. The digest is never shown."""

    offers: ClassVar[frozenset[str]] = frozenset({"view"})
    list_display = ("name", "prefix", "owner", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("owner",)
    search_fields = ("name", "prefix")
    fields = ("name", "prefix", "owner", "scopes", "expires_at", "last_used_at", "revoked_at")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A key is made by its owner, on the profile."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A key is never changed."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A key is revoked, so that the record of it stays."""
        del request, obj
        return False

    @admin.action(description=_("Revoke the selected keys"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        """End them, by the service."""
        for key in queryset.filter(revoked_at=None):
            revoke_api_key(request.user, key_id=key.pk)  # type: ignore[arg-type]
