"""The admin site: for administrators of an organization in their own, and for operators in the platform's."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import NotAllowedError


class PrismAdminSite(AdminSite):
    """Django's own site with our sign-in and our capabilities."""

    site_header = _("AI-Prism administration")
    site_title = _("AI-Prism administration")
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        """Only those who manage the organization, or the platform on its host."""
        return request.user.is_authenticated and bool(getattr(request.user, "is_staff", False))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """The view for those who may; a change by somebody who seems to have moved waits for a new proof."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            # Not above: this module is loaded before there are models.
            from apps.accounts.second_factor.session_notes import asks_again

            if request.method == "POST" and self.has_permission(request) and asks_again(request.session):
                return redirect(f"{reverse('accounts:confirm')}?{urlencode({'next': reverse('admin:index')})}")
            return inner(request, *args, **kwargs)

        return asked

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """There is one way to sign in; somebody who has and may not enter is refused."""
        del extra_context
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise NotAllowedError
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': reverse('admin:index')})}")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """There is one page for one's own password, with its rules, its limits and its entry in the audit log."""
        del request, extra_context
        return redirect("accounts:profile")


class PrismAdminConfig(AdminConfig):
    """django.contrib.admin with this site as its default."""

    default_site = "apps.accounts.admin_site.PrismAdminSite"
