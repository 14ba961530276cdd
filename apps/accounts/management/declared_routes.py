"""What each address declares: who lets one in, by what, and with whose objects. Read from the views, for the reference and for tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

from apps.accounts.capabilities import Capability, Door, OpenedBy, Whose

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Modules of Django's that register models of their own in the administration; nobody is offered anything of them.
_NOT_OURS = ("django.", "auditlog.")


@dataclass(frozen=True)
class DeclaredRoute:
    """One method of one address, as its view declares it."""

    name: str
    path: str
    parameters: tuple[str, ...]
    method: str
    view: Any
    door: Door | None
    capability: Capability | None
    whose: Whose | None
    opened_by: OpenedBy | None
    is_persons_only: bool
    is_not_by_key: bool
    is_fresh: bool

    def missing(self) -> str:
        """What the view has still to declare, as a sentence for whoever wrote it; "" when nothing is missing."""
        where = f"{self.method} {self.path} ({self.name}, {self.view.__module__}.{self.view.__qualname__})"
        if self.door is None:
            return f"{where}: derive the view from CapabilityView, CapabilityAPIView, PublicView or ProvisioningView"
        if self.door in {Door.PAGE, Door.ENDPOINT} and self.capability is None:
            return f"{where}: say `capability = Capability.…`"
        if self.door == Door.OPEN and self.opened_by is None:
            return f"{where}: say `opened_by = OpenedBy.…`"
        needs_whose = self.door in {Door.PAGE, Door.ENDPOINT, Door.PROVISIONING} and self.parameters
        if needs_whose and self.whose is None:
            return f"{where}: say `whose = Whose.…` (apps/accounts/capabilities.py has the rules)"
        return ""


def declared_routes() -> list[DeclaredRoute]:
    """Every method of every address that has a class of ours behind it, in the order of the resolver; those of /admin/ are not here."""
    found = []
    for name, path, parameters, callback in _addresses(get_resolver(), space="", before="/", known=()):
        view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
        if not name.startswith("admin:"):
            found += _methods_of(name, path, parameters, view or callback)
    return found


@dataclass(frozen=True)
class DeclaredModel:
    """What the administration offers to do with the rows of a model, to those who administer."""

    label: str
    offers: frozenset[str] | None
    capability: Capability

    def missing(self) -> str:
        """What the ModelAdmin has still to declare."""
        if self.offers is None:
            return f"{self.label}: say `offers = frozenset({{…}})` of view, add, change, delete on its ModelAdmin"
        return ""


def declared_models() -> list[DeclaredModel]:
    """Every model of the administration, by label."""
    found = []
    for model, model_admin in admin.site._registry.items():  # noqa: SLF001 - Django has no other list
        kind = type(model_admin)
        is_ours = not kind.__module__.startswith(_NOT_OURS)
        offers = getattr(kind, "offers", None) if is_ours else frozenset()
        is_platforms = model._meta.app_label == "tenants"  # noqa: SLF001 - Django's documented name
        capability = Capability.MANAGE_PLATFORM if is_platforms else Capability.MANAGE_ORGANIZATION
        found.append(DeclaredModel(model._meta.label_lower, offers, capability))  # noqa: SLF001
    return sorted(found, key=lambda model: model.label)


def _addresses(
    resolver: URLResolver, *, space: str, before: str, known: tuple[str, ...]
) -> Iterator[tuple[str, str, tuple[str, ...], Any]]:
    for entry in resolver.url_patterns:
        pattern = entry.pattern
        parameters = (*known, *(pattern.converters if isinstance(pattern, RoutePattern) else ()))
        path = before + _shown(pattern)
        if isinstance(entry, URLResolver):
            below = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _addresses(entry, space=below, before=path, known=parameters)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name or ''}", path, parameters, entry.callback


def _shown(pattern: Any) -> str:
    """The pattern as people write it: without the kinds of its parameters."""
    if isinstance(pattern, RegexPattern):
        return "…"
    parts = str(pattern).split("<")
    return parts[0] + "".join("<" + part.partition(":")[2] if ":" in part else "<" + part for part in parts[1:])


def _methods_of(name: str, path: str, parameters: tuple[str, ...], view: Any) -> list[DeclaredRoute]:
    methods = [method for method in METHODS if hasattr(view, method.lower())]
    return [_declared(name, path, parameters, method, view) for method in methods or ["GET"]]


def _declared(name: str, path: str, parameters: tuple[str, ...], method: str, view: Any) -> DeclaredRoute:
    opened_by = getattr(view, "opened_by", None)
    door = Door.OPEN if opened_by else getattr(view, "door", None)
    capabilities = getattr(view, "capabilities", {})
    return DeclaredRoute(
        name=name,
        path=path,
        parameters=parameters,
        method=method,
        view=view,
        door=Door(door) if door else None,
        capability=None if opened_by else capabilities.get(method, getattr(view, "capability", None)),
        whose=getattr(view, "whose_by_method", {}).get(method, getattr(view, "whose", None)),
        opened_by=opened_by,
        is_persons_only=method in getattr(view, "persons_only", ()),
        is_not_by_key=method in getattr(view, "not_by_key", ()),
        is_fresh=method in getattr(view, "fresh_for", ()),
    )
