"""A customer organization and the schema that holds all that is its own."""

from typing import ClassVar, NoReturn

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import TenantMixin

from apps.kernel.abstract_models import Identified, Timestamped
from apps.kernel.tenancy.context import TenantRef
from apps.kernel.tenancy.schema_names import new_schema_name
from apps.tenants.choices import TenantState

RESERVED_SLUGS = frozenset(
    {"public", "template", "www", "admin", "api", "static", "mail", "information-schema", "pg-temp"}
)


class TenantQuerySet(models.QuerySet["Tenant"]):
    """Questions about tenants."""

    def active(self) -> "TenantQuerySet":
        """Those that may work now."""
        return self.filter(state=TenantState.ACTIVE)


class Tenant(Identified, Timestamped, TenantMixin):  # type: ignore[misc]
    """One organization. Its rows live in `schema_name`; this row only says who it is and whether it may work."""

    # Schemas are made by provisioning, which clones the template; saving a row never runs migrations.
    auto_create_schema = False
    auto_drop_schema = False

    slug = models.CharField(
        _("short name"), max_length=40, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9-]{1,39}\Z")]
    )
    name = models.CharField(_("name"), max_length=200)
    schema_name = models.CharField(max_length=63, unique=True, default=new_schema_name, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=TenantState.choices, default=TenantState.PROVISIONING)
    api_calls_per_minute = models.PositiveIntegerField(
        _("API calls in a minute"), null=True, blank=True, help_text=_("Empty: what the installation gives everybody.")
    )
    suspended_reason = models.CharField(_("why it is suspended"), max_length=500, blank=True)

    objects: ClassVar[models.Manager["Tenant"]] = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^t_[a-z2-7]{8,40}$"), name="tenant_schema_name_is_ours"
            ),
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z][a-z0-9-]{1,39}$"), name="tenant_slug_is_plain"
            ),
            models.CheckConstraint(condition=models.Q(state__in=TenantState.values), name="tenant_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(api_calls_per_minute=None) | models.Q(api_calls_per_minute__gt=0),
                name="tenant_may_call",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def __enter__(self) -> NoReturn:
        """Refused: the library's `with tenant:` keeps one stack for all threads, and two of them left in each other's tenant."""
        message = "enter an organization with inside(tenant.as_ref())"
        raise TypeError(message)

    @property
    def is_active(self) -> bool:
        """Whether its people may work now."""
        return self.state == TenantState.ACTIVE

    @property
    def has_door(self) -> bool:
        """Whether its hosts answer at all: not before it is set up, and not any more while it is being deleted."""
        return self.state in {TenantState.ACTIVE, TenantState.SUSPENDED}

    def as_ref(self) -> TenantRef:
        """The plain values that the rest of the code passes around."""
        return TenantRef(
            id=self.id,
            slug=self.slug,
            name=self.name,
            schema_name=self.schema_name,
            api_calls_per_minute=self.api_calls_per_minute,
        )
