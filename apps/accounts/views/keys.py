"""API keys: one's own, those of service accounts, and for administrators the list of all."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.forms import SCOPE_LABELS, RotateKeyForm
from apps.accounts.models import ApiKey
from apps.accounts.selectors import every_api_key, key_in_care_of
from apps.accounts.services.revoke_api_key import revoke_api_key
from apps.accounts.services.rotate_api_key import rotate_api_key
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.going_in import own_address
from apps.accounts.views.refusals import show_refusal
from apps.kernel.clock import now
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of

_A_PAGE = 50


class Key(CapabilityView):
    """One key: what is known of it, and what can be done with it."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN

    def get(self, request: HttpRequest, key_id: UUID) -> HttpResponse:
        """The page, without the key itself."""
        (shown,) = shown_keys([key_in_care_of(person_of(request), key_id)])
        return render(request, "accounts/api_key.html", {"key": shown, "now": now()})


@method_decorator(never_cache, name="dispatch")
class Rotate(CapabilityView):
    """A new secret for a key. Who asks confirms first that it is still them, and then finds the form."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN
    fresh_for = frozenset({"GET", "POST"})

    def get(self, request: HttpRequest, key_id: UUID) -> HttpResponse:
        """The form."""
        return self._page(request, key_id, form=RotateKeyForm())

    def post(self, request: HttpRequest, key_id: UUID) -> HttpResponse:
        """Make the new secret and show it, this once: it is kept nowhere."""
        form, status = RotateKeyForm(request.POST), 400
        user = person_of(request)
        key_in_care_of(user, key_id)
        if form.is_valid():
            try:
                issued = rotate_api_key(user, key_id=key_id, **form.cleaned_data)
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                return self._page(request, key_id, new_token=issued.token, status=201)
        return self._page(request, key_id, form=form, status=status)

    def _page(self, request: HttpRequest, key_id: UUID, *, status: int = 200, **context: Any) -> HttpResponse:
        (shown,) = shown_keys([key_in_care_of(person_of(request), key_id)])
        return render(request, "accounts/api_key_rotate.html", {"key": shown, **context}, status=status)


class RevokeKey(CapabilityView):
    """End one API key."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN_OR_MANAGED

    def post(self, request: HttpRequest, key_id: UUID) -> HttpResponse:
        """Do it and go back to the page that asked."""
        revoke_api_key(person_of(request), key_id=key_id)
        messages.success(request, _("The API key is revoked."))
        goal = own_address(request, request.POST.get("next", ""))
        return redirect(goal if goal != "/" else "accounts:profile")


class EveryKey(CapabilityView):
    """All keys of the organization."""

    capability = Capability.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, newest first."""
        page = Paginator(every_api_key(person_of(request)), _A_PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "keys": shown_keys(page.object_list), "now": now()}
        return render(request, "accounts/every_api_key.html", context)


def shown_keys(keys: Iterable[ApiKey]) -> list[dict[str, Any]]:
    """The rows as pages show them: with the words for their scopes, and until when the secret of before still works."""
    at = now()
    return [
        {
            "row": key,
            "scopes": [SCOPE_LABELS[Capability(scope)] for scope in key.scopes],
            "previous_ends_at": key.previous_ends_at if key.previous_ends_at and key.previous_ends_at > at else None,
        }
        for key in keys
    ]
