"""Addresses of things by their id. A page of a list has a hundred of them, and reversing each took four fifths of its time."""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from django.urls import reverse

_STAND_IN = UUID(int=0)


@lru_cache(maxsize=512)
def address_of(route: str) -> str:
    """The address of a route without arguments."""
    return reverse(route)


def link_to(route: str, thing_id: UUID) -> str:
    """The address of a route whose only argument is an id."""
    return str(thing_id).join(_around_id(route))


def links_to(routes: Mapping[str, str], thing_id: UUID) -> dict[str, str]:
    """The addresses of several routes about one thing, by their names."""
    shown_id = str(thing_id)
    return {name: shown_id.join(_around_id(route)) for name, route in routes.items()}


@lru_cache(maxsize=512)
def _around_id(route: str) -> tuple[str, str]:
    before, _id, after = reverse(route, args=[_STAND_IN]).partition(str(_STAND_IN))
    return before, after
