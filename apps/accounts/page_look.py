"""The organization's look in the context of every page; asked for only by pages that draw it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.accounts.look import look_here


def organization_look(request: HttpRequest) -> dict[str, Any]:
    """`look`, see accounts.look.Look."""
    del request
    return {"look": SimpleLazyObject(look_here)}
