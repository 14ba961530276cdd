"""A person of one organization: the row they sign in with."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import PLATFORM_ONLY_ROLES, PROGRAM_ROLES, Capability, RoleName, grants_for
from apps.accounts.choices import ROLE_CHOICES, Theme
from apps.kernel.abstract_models import Identified, Timestamped
from apps.kernel.tenancy.context import tenant_or_none

LONGEST_PASSWORD = 256
_MANAGED_IN_ADMIN = frozenset({"accounts", "analysis"})
# Django's groups would say something else about what people may do than their role.
_NEVER_IN_ADMIN = frozenset({"auth"})
_SEEN_IN_ADMIN = frozenset({"documents", "feedback", "audit", "jobs"})


def normal_email(raw: str) -> str:
    """The form in which two spellings of one address are equal: NFKC, case-folded, without surrounding space."""
    return unicodedata.normalize("NFKC", raw.strip()).casefold()


def normal_password(raw: str) -> str:
    """The form that is hashed: keyboards differ in how they compose a letter (NIST SP 800-63B 5.1.1.2). Spaces are kept."""
    return unicodedata.normalize("NFKC", raw)


class PersonManager(BaseUserManager["User"]):
    """Makes and finds people."""

    def people(self) -> "models.QuerySet[User]":
        """Those rows that are people; the rest are service accounts."""
        return self.get_queryset().filter(is_program=False)

    def create_person(self, email: str, *, name: str, role: RoleName, password: str | None = None) -> "User":
        """Save a person; without a password they can only sign in after a reset. Rules for passwords are the services' business."""
        person = self.model(email=email.strip(), name=name, role=role.value)
        person.set_password(password)
        person.save(using=self._db, force_insert=True)
        return person

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this address, whatever its case."""
        return self.get(email_key=normal_email(username or ""))


class User(Identified, Timestamped, AbstractBaseUser, PermissionsMixin):
    """One person. What they may do follows from `role` alone; Django's own permissions are answered from it."""

    USERNAME_FIELD = "email_key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "name"]

    email = models.EmailField(_("e-mail address"), max_length=254)
    email_key = models.CharField(max_length=254, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=20, choices=ROLE_CHOICES, default=RoleName.VIEWER.value)
    language = models.CharField(_("language"), max_length=10, default="en")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    keys_enabled = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    # A service account: nobody signs in with it, and nothing is mailed to it.
    is_program = models.BooleanField(default=False, editable=False)
    has_emergency_access = models.BooleanField(_("may use a password where single sign-on is required"), default=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    resets_asked = models.PositiveIntegerField(default=0, editable=False)
    last_seen = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    # Set on the instance that an API key signs in: the person may then do no more than the key.
    key_scopes: frozenset[str] | None = None
    # Set on the instance whose sign-in was just judged: the row, and whether more has to be shown before a session may begin.
    judged_id: UUID | None = None
    must_step_up: bool = False

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in RoleName]), name="user_role_is_known"
            ),
            models.CheckConstraint(condition=models.Q(theme__in=Theme.values), name="user_theme_is_known"),
            models.CheckConstraint(condition=~models.Q(email_key=""), name="user_has_email"),
            models.CheckConstraint(
                condition=models.Q(is_program=False)
                | models.Q(
                    role__in=[role.value for role in PROGRAM_ROLES],
                    has_emergency_access=False,
                    password__startswith=UNUSABLE_PASSWORD_PREFIX,
                ),
                name="program_has_no_password",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save, with the normal form of the address kept beside it."""
        self.email_key = normal_email(self.email)
        if update_fields is not None and "email" in update_fields:
            update_fields = {*update_fields, "email_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        """Hash the normal form; None makes signing in by password impossible."""
        super().set_password(None if raw_password is None else normal_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Is this the password, however its letters are composed?"""
        return super().check_password(None if raw_password is None else normal_password(raw_password))

    def grants(self) -> frozenset[Capability]:
        """What this person may do here and now: their role's capabilities, narrowed by the key they came with."""
        tenant = tenant_or_none()
        if not self.is_active or tenant is None:
            return frozenset()
        if self.role in PLATFORM_ONLY_ROLES and tenant.slug != settings.PLATFORM_TENANT_SLUG:
            return frozenset()
        granted = grants_for(self.role)
        scopes = self.key_scopes
        return granted if scopes is None else frozenset(capability for capability in granted if capability in scopes)

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with `session_epoch`: every session that holds an older one is over."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under each retired secret key."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    @property
    def zone(self) -> ZoneInfo:
        """The person's own time."""
        return ZoneInfo(self.time_zone)

    @property
    def is_staff(self) -> bool:
        """May this person enter /admin/?"""
        return bool(self.grants() & {Capability.MANAGE_ORGANIZATION, Capability.MANAGE_PLATFORM})

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """The admin site's question `app.verb_model`, answered from the role."""
        del obj
        granted = self.grants()
        app_label, _dot, codename = perm.partition(".")
        if Capability.MANAGE_PLATFORM in granted:
            return app_label not in _NEVER_IN_ADMIN
        if Capability.MANAGE_ORGANIZATION not in granted:
            return False
        return app_label in _MANAGED_IN_ADMIN or (app_label in _SEEN_IN_ADMIN and codename.startswith("view_"))

    def has_module_perms(self, app_label: str) -> bool:
        """May this person see anything of this app in the admin site?"""
        return self.has_perm(f"{app_label}.view_")

    def _session_hash(self, secret: str | bytes | None) -> str:
        salt = "apps.accounts.models.user.session"
        return salted_hmac(salt, f"{self.session_epoch}:{self.password}", secret=secret, algorithm="sha256").hexdigest()
