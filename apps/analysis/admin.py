"""Frameworks in the administration: saving a changed source adopts it as the next version."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from apps.accounts.capabilities import Capability
from apps.accounts.policies import may
from apps.analysis.frameworks.reader import FrameworkFileError, read_framework
from apps.analysis.models import Framework
from apps.analysis.services.adopt_framework import adopt_framework


class FrameworkForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses a source that is no framework, with every fault."""

    class Meta:
        model = Framework
        fields = ("slug", "source")

    def clean_source(self) -> str:
        """The source, once it was read without a fault."""
        source: str = self.cleaned_data["source"]
        try:
            read_framework(source)
        except FrameworkFileError as error:
            raise ValidationError(str(error)) from error
        return source


@admin.register(Framework)
class FrameworkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Versions, newest first; an old one can be read, and adopted again by saving it."""

    form = FrameworkForm
    list_display = ("slug", "version", "title", "is_active", "created_at")
    list_filter = ("slug", "is_active")

    def save_model(self, request: HttpRequest, obj: Framework, form: Any, change: bool) -> None:  # noqa: FBT001
        """Adopt the source as a new version; the row that was opened stays as it is."""
        del form, change
        adopted = adopt_framework(request.user, slug=obj.slug, source=obj.source)  # type: ignore[arg-type]
        obj.pk, obj.version = adopted.pk, adopted.version

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators of the organization."""
        return may(request.user, Capability.MANAGE_ORGANIZATION)

    def has_view_permission(self, request: HttpRequest, obj: Framework | None = None) -> bool:
        """Administrators of the organization."""
        del obj
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Administrators of the organization."""
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Framework | None = None) -> bool:
        """Administrators of the organization."""
        del obj
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Framework | None = None) -> bool:
        """Nobody: runs refer to their version."""
        del request, obj
        return False
