"""The door of every page: each view declares the one capability it needs."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.decorators import classonlymethod
from django.views import View

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.policies import require
from apps.kernel.errors import NotAllowedError
from apps.kernel.events.selectors import latest_seq
from apps.kernel.http.partials import is_partial


class CapabilityView(View):
    """A page for people who have `capability`: others are sent to sign in, or are refused with 403.

    A subclass without `capability` cannot be given a URL.
    """

    capability: ClassVar[Capability | None] = None

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
        if request.method == "GET" and not is_partial(request):
            # Before the page reads anything: its tab hears of all that happens from here on.
            request.stream_seq = latest_seq()  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)


class PublicView(View):
    """A page for everyone, signed in or not."""

    capability: ClassVar[None] = None


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
