"""The page on which an authenticator app or a passkey is set up, whether one is signed in or only about to be."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.models import User
from apps.accounts.second_factor.one_time_codes import app_set_up, new_seed
from apps.accounts.second_factor.session_notes import keep_pending_seed, pending_seed
from apps.kernel.tenancy.context import current_tenant


def set_up_page(request: HttpRequest, person: User, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Picture, key and form. The seed stays the same until it is confirmed: a page that is loaded again shows no other one."""
    shown = app_set_up(taken_seed(request), organization=current_tenant().name, account=person.email)
    return render(request, "accounts/second_factor_set_up.html", {**context, "set_up": shown}, status=status)


def taken_seed(request: HttpRequest) -> str:
    """The seed that this browser was shown, or a new one that it will be."""
    seed = pending_seed(request.session)
    if not seed:
        seed = new_seed()
        keep_pending_seed(request.session, seed)
    return seed
