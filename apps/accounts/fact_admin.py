"""Rows in the administration that belong to the organization's administrators: to change by our services, or only to read."""

from typing import Any, ClassVar, TypeVar

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest

from apps.accounts.capabilities import Capability
from apps.accounts.policies import may

A = TypeVar("A", bound="type[ModelAdmin[Any]]")


def administrators_only(kind: A) -> A:
    """Give a ModelAdmin's rows to administrators of the organization, whatever Django's own permissions say."""

    def asked(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        del self, obj
        return may(request.user, Capability.MANAGE_ORGANIZATION)

    for name in ("has_module_permission", "has_view_permission", "has_add_permission", "has_change_permission"):
        setattr(kind, name, asked)
    return kind


class FactsAdmin(ModelAdmin):  # type: ignore[type-arg]
    """Rows that say what happened: administrators of the organization read them, nobody adds, changes or deletes one here."""

    offers: ClassVar[frozenset[str]] = frozenset({"view"})
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators of the organization."""
        return may(request.user, Capability.MANAGE_ORGANIZATION)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators of the organization."""
        del obj
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        del request, obj
        return False
