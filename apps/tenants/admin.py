"""The tenants' admin: on the platform's own host, for its operators. On every other host these pages do not exist.

Rows of the control plane are read through the platform's connection, which alone sees them; whatever changes one is a service.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of
from apps.kernel.tenancy.context import current_tenant
from apps.tenants.errors import AddressRefusedError, DomainRefusedError, ReasonMissingError
from apps.tenants.models import Domain, OperatorEntry, Tenant
from apps.tenants.services.delete import Deletion, delete_suspended_tenant, deletion_of
from apps.tenants.services.hosts import add_host, make_primary_host, remove_host
from apps.tenants.services.provision import provision_tenant, wanted_tenant
from apps.tenants.services.suspend import resume_tenant, suspend_tenant

_LONGEST_HOST = 253
_HOST_DEEDS: dict[str, tuple[Callable[..., None], str]] = {
    "add": (
        add_host,
        gettext_noop("The organization answers at this host now. Its DNS must point here, and it needs a certificate."),
    ),
    "remove": (remove_host, gettext_noop("Nobody answers at this host any more.")),
    "primary": (make_primary_host, gettext_noop("Links are made with this host from now on.")),
}

View = Callable[..., HttpResponseBase]


def _only_on_platform(view: View) -> View:
    """The page on the platform's host; elsewhere the answer of a page that does not exist, whoever asks."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not current_tenant().is_platform:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


class ControlPlaneAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that are looked at: nothing here adds, changes or deletes one but a service."""

    offers: ClassVar[frozenset[str]] = frozenset({"view"})

    def get_urls(self) -> list[URLPattern]:
        """The usual pages, behind the host's door."""
        patterns = super().get_urls()
        for pattern in patterns:
            pattern.callback = _only_on_platform(pattern.callback)
        return patterns

    def has_module_permission(self, request: HttpRequest) -> bool:
        """No menu entry elsewhere."""
        return current_tenant().is_platform and super().has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed here."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here: an organization goes by `delete_tenant`, which takes its schema and its files along."""
        del request, obj
        return False


class NewTenantForm(forms.ModelForm):  # type: ignore[type-arg]
    """What provisioning needs; checked by its own rules, so that a mistake is shown beside its field."""

    domain = forms.CharField(
        label=_("host name"),
        required=False,
        max_length=253,
        help_text=_("The short name under the base domain by default."),
    )
    admin_email = forms.CharField(label=_("first administrator's e-mail address"), max_length=254)

    class Meta:
        model = Tenant
        fields = ("slug", "name")

    def clean(self) -> dict[str, Any]:
        """Ask the service's own rules."""
        given = super().clean() or self.cleaned_data
        if self.errors:
            return given
        try:
            wanted_tenant(given["slug"], name=given["name"], domain=given["domain"], admin_email=given["admin_email"])
        except DomainRefusedError as error:
            self.add_error("domain", sentence_of(error))
        except AddressRefusedError as error:
            self.add_error("admin_email", sentence_of(error))
        except DomainError as error:
            self.add_error("slug", sentence_of(error))
        return given


class ReasonForm(ActionForm):
    """Actions may say why."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)


class DomainInline(admin.TabularInline):  # type: ignore[type-arg]
    """The organization's hosts."""

    model = Domain
    fields = ("domain", "is_primary", "created_at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Hosts come with the organization."""
        del request, obj
        return False


@admin.register(Tenant)
class TenantAdmin(ControlPlaneAdmin):
    """Organizations: seen, provisioned, suspended, resumed."""

    offers: ClassVar[frozenset[str]] = frozenset({"view", "add"})
    list_display = ("name", "slug", "state", "suspended_reason", "created_at")
    list_filter = ("state",)
    search_fields = ("name", "slug", "domains__domain")
    ordering = ("name", "pk")
    readonly_fields = (
        "id",
        "schema_name",
        "state",
        "suspended_reason",
        "api_calls_per_minute",
        "created_at",
        "updated_at",
    )
    fields = ("name", "slug", *readonly_fields)
    action_form = ReasonForm
    change_form_template = "admin/tenants/tenant/change_form.html"
    actions = ("suspend", "resume")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operators provision."""
        return request.user.has_perm("tenants.add_tenant")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's own signature
        """Provisioning has a form of its own."""
        if obj is None:
            return NewTenantForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The new one's fields, or all there is to know."""
        if obj is None:
            return [(None, {"fields": ["slug", "name", "domain", "admin_email"]})]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new one is all to be filled in."""
        return () if obj is None else super().get_readonly_fields(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Hosts, once there are any."""
        del request
        return () if obj is None else (DomainInline,)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """A refusal that comes after the form was checked is shown; nothing is kept."""
        try:
            return super().add_view(request, form_url, extra_context)
        except DomainError as error:
            messages.error(request, sentence_of(error))
            return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's own signature
        """Provision by the service."""
        del change
        given = form.cleaned_data
        made = provision_tenant(
            given["slug"],
            name=given["name"],
            domain=given["domain"],
            admin_email=given["admin_email"],
            actor=_operator(request),
        )
        obj.pk = made.id

    @admin.action(description=_("Suspend the selected organizations"), permissions=["operate"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Tenant]) -> None:
        """Their people are out at once."""
        reason = request.POST.get("reason", "").strip()[:500]
        if not reason:
            messages.error(request, sentence_of(ReasonMissingError()))
            return
        self._each(request, queryset, lambda slug: suspend_tenant(slug, reason=reason, actor=_operator(request)))

    @admin.action(description=_("Resume the selected organizations"), permissions=["operate"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Tenant]) -> None:
        """Their people may work again."""
        self._each(request, queryset, lambda slug: resume_tenant(slug, actor=_operator(request)))

    def get_urls(self) -> list[URLPattern]:
        """And the pages on which an operator changes hosts, or deletes."""
        ours = [
            path("<path:object_id>/hosts/", self._hosts, name="tenants_tenant_hosts"),
            path("<path:object_id>/remove/", self._remove, name="tenants_tenant_remove"),
        ]
        for pattern in ours:
            pattern.callback = _only_on_platform(self.admin_site.admin_view(pattern.callback))
        return [*ours, *super().get_urls()]

    def _hosts(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """POST: add a host, remove one, or make links with it; a refusal is shown on the organization's page."""
        tenant = self._operated(request, object_id)
        deed = _HOST_DEEDS.get(request.POST.get("deed", "")) if request.method == "POST" else None
        if deed is None:
            return HttpResponseNotAllowed(["POST"])
        change, done = deed
        try:
            change(tenant.slug, domain=request.POST.get("domain", "")[:_LONGEST_HOST], actor=_operator(request))
        except DomainError as error:
            messages.error(request, sentence_of(error))
        else:
            messages.success(request, _(done))
        return redirect("admin:tenants_tenant_change", tenant.pk)

    def _remove(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """What deleting would take away; done once the short name was typed. Only a suspended organization can be deleted here."""
        tenant = self._operated(request, object_id)
        refusal = ""
        try:
            if request.method == "POST":
                delete_suspended_tenant(
                    tenant.slug, confirmation=request.POST.get("slug", ""), actor=_operator(request)
                )
                messages.success(request, _("%(name)s is deleted.") % {"name": tenant.name})
                return redirect("admin:tenants_tenant_changelist")
            going = deletion_of(tenant.slug)
        except DomainError as error:
            refusal, going = sentence_of(error), Deletion(tenant.slug, tenant.name, ())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Delete %(name)s") % {"name": tenant.name},
            "opts": self.opts,
            "tenant": tenant,
            "going": going,
            "refusal": refusal,
        }
        status = 400 if refusal else 200
        return TemplateResponse(request, "admin/tenants/tenant/remove.html", context, status=status)

    def _operated(self, request: HttpRequest, object_id: str) -> Tenant:
        """The organization, for whoever may operate; 403 and 404 else."""
        if not self.has_operate_permission(request):
            raise PermissionDenied
        tenant = self.get_object(request, object_id)
        if not isinstance(tenant, Tenant):
            raise Http404
        return tenant

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Whether this person may suspend and resume."""
        return request.user.has_perm("tenants.change_tenant")

    def _each(self, request: HttpRequest, queryset: QuerySet[Tenant], deed: Callable[[str], None]) -> None:
        done = 0
        for slug in queryset.values_list("slug", flat=True):
            try:
                deed(slug)
                done += 1
            except DomainError as error:
                messages.error(request, sentence_of(error))
        if done:
            messages.success(request, ngettext("%d organization changed.", "%d organizations changed.", done) % done)


@admin.register(Domain)
class DomainAdmin(ControlPlaneAdmin):
    """Who answers at which host."""

    list_display = ("domain", "tenant", "is_primary", "created_at")
    list_select_related = ("tenant",)
    search_fields = ("domain", "tenant__slug", "tenant__name")
    ordering = ("domain",)


@admin.register(OperatorEntry)
class OperatorEntryAdmin(ControlPlaneAdmin):
    """What operators did."""

    list_display = ("at", "action", "tenant_slug", "actor", "detail")
    list_filter = ("action",)
    search_fields = ("tenant_slug", "actor")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")


def _operator(request: HttpRequest) -> str:
    return str(getattr(request.user, "email", ""))
