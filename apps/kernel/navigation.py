"""The menu: each room registers its entries; the page frame draws those that the person may use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One menu entry. `is_for` answers whether this person sees it."""

    label: str | Promise
    url_name: str
    icon: str
    order: int
    is_for: Callable[[Any], bool]


_entries: list[NavEntry] = []


def register(entry: NavEntry) -> None:
    """Add an entry; called from an app's ready()."""
    if entry not in _entries:
        _entries.append(entry)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the menu for this person, and the organization's name."""
    tenant = getattr(request, "tenant", None)
    user = getattr(request, "user", None)
    if tenant is None or user is None or not user.is_authenticated:
        return {"navigation": [], "tenant": tenant}
    navigation = []
    for entry in sorted(_entries, key=lambda one: one.order):
        if entry.is_for(user):
            url = reverse(entry.url_name)
            is_current = request.path == url or (url != "/" and request.path.startswith(url))
            navigation.append({"label": entry.label, "url": url, "icon": entry.icon, "is_current": is_current})
    return {"navigation": navigation, "tenant": tenant}
