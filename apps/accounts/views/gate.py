"""The door of every page: each view declares the one capability it needs."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import classonlymethod
from django.views import View

from apps.accounts.call_limits import count_call, quotas_of_person, refuse_when_spent
from apps.accounts.capabilities import GUARDED_CAPABILITIES, Capability, Door, OpenedBy, Whose
from apps.accounts.errors import ReauthenticationRequiredError
from apps.accounts.models import User
from apps.accounts.policies import require
from apps.accounts.second_factor.session_notes import asks_again, is_fresh
from apps.kernel.errors import NotAllowedError
from apps.kernel.events.selectors import latest_seq
from apps.kernel.http.partials import is_partial

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class CapabilityView(View):
    """A page for people who have `capability`: others are sent to sign in, or are refused with 403.

    A subclass without `capability` cannot be given a URL; one whose address holds an object's key says in `whose` with whose objects
    it deals, which services and selectors see to. For the methods in `fresh_for` the person must have proven who they are
    within ten minutes; else they are asked to, and come back: to the same address by GET, to the page `return_to` by POST.
    A POST that `starts_run` counts together with those of the API.

    Where the organization enforces risk, they are also asked when browser, network or country are others than at the last proof: for
    the methods in `fresh_for` and `asks_again_for`, and for every change under a guarded capability.
    """

    door: ClassVar[Door] = Door.PAGE
    capability: ClassVar[Capability | None] = None
    whose: ClassVar[Whose | None] = None
    fresh_for: ClassVar[frozenset[str]] = frozenset()
    asks_again_for: ClassVar[frozenset[str]] = frozenset()
    return_to: ClassVar[str] = "accounts:profile"
    starts_run: ClassVar[bool] = False

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # noqa: N805 - a class method
        """The view function; ImproperlyConfigured when the class declares no capability."""
        if cls.capability is None:
            message = f"{cls.__name__} declares no capability"
            raise ImproperlyConfigured(message)
        return super().as_view(**initkwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, once it is clear that this person may ask."""
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if self.capability is not None:
            require(request.user, self.capability)
        if self._wants_proof(request):
            return to_confirm(request, back=self.return_to)
        if self.starts_run and request.method == "POST":
            refuse_when_spent(count_call(quotas_of_person(request.user.pk, starts_run=True)))
        if request.method == "GET" and not is_partial(request):
            # Before the page reads anything: its tab hears of all that happens from here on.
            request.stream_seq = latest_seq()  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    def _wants_proof(self, request: HttpRequest) -> bool:
        method = request.method or ""
        if method in self.fresh_for and not is_fresh(request.session):
            return True
        is_guarded = self.capability in GUARDED_CAPABILITIES and method not in READING
        return (is_guarded or method in self.fresh_for | self.asks_again_for) and asks_again(request.session)


class PublicView(View):
    """A page that asks nobody for a capability: `opened_by` says what opens it instead."""

    door: ClassVar[Door] = Door.OPEN
    capability: ClassVar[None] = None
    opened_by: ClassVar[OpenedBy | None] = None


def person_of(request: HttpRequest) -> User:
    """Who is signed in; for views behind a CapabilityView, where somebody is."""
    if not isinstance(request.user, User):
        raise NotAllowedError
    return request.user


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to the sign-in page, and back afterwards; a part asked for by htmx moves the whole page there."""
    if is_partial(request):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = resolve_url("accounts:sign_in")
        return response
    if request.method not in {"GET", "HEAD"}:
        return redirect_to_login(next="/")
    return redirect_to_login(next=request.get_full_path())


def to_confirm(request: HttpRequest, *, back: str) -> HttpResponse:
    """Lead to the page that asks for password, code or passkey. What was sent is not kept: it is done again after coming back.

    A script that asks for JSON gets ReauthenticationRequiredError.
    """
    if "application/json" in request.headers.get("Accept", ""):
        raise ReauthenticationRequiredError
    goal = request.get_full_path() if request.method == "GET" else resolve_url(back)
    return redirect(f"{resolve_url('accounts:confirm')}?{urlencode({'next': goal})}")
