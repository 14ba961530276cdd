"""The door of every endpoint: each declares the capability it needs, for all its methods or one by one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.utils.decorators import classonlymethod
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api.rate_limit import count_request
from apps.accounts.call_limits import Allowance, refuse_when_spent
from apps.accounts.capabilities import GUARDED_CAPABILITIES, Capability, Door, OpenedBy, Whose
from apps.accounts.errors import ReauthenticationRequiredError
from apps.accounts.models import User
from apps.accounts.policies import may
from apps.accounts.second_factor.session_notes import asks_again
from apps.kernel.errors import NotAllowedError
from apps.kernel.http.protocol_errors import InvalidApiKeyError, UnknownParameterError

_WITHOUT_CAPABILITY = frozenset({"options"})


class HasCapability(BasePermission):
    """The caller has the capability that the endpoint declares for this method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """An undeclared method has no code behind it either: it is let through to its 405."""
        needed = view.capability_for(request.method or "") if isinstance(view, CapabilityGate) else None
        return needed is None or may(request.user, needed)


class CapabilityGate(APIView):
    """What endpoints share: `capability` for every method, or `capabilities` by method name; `query_parameters` that a GET knows.

    An address with an object's key says in `whose`, or in `whose_by_method`, with whose objects it deals; `persons_only` names the
    methods that refuse programs, `not_by_key` those that refuse API keys alone, `fresh_for` those for which a person must have proven
    who they are within ten minutes. Services see to all of these. Every call is counted, refused ones too, and every answer says how
    many are left.

    A session that seems to have moved since its person's last proof is asked for a new one (`reauth_required`): for every change under a
    guarded capability and for the methods in `asks_again_for`, where the organization enforces risk.
    """

    door: ClassVar[Door] = Door.ENDPOINT
    opened_by: ClassVar[OpenedBy | None] = None
    capability: ClassVar[Capability | None] = None
    capabilities: ClassVar[Mapping[str, Capability]] = {}
    whose: ClassVar[Whose | None] = None
    whose_by_method: ClassVar[Mapping[str, Whose]] = {}
    persons_only: ClassVar[frozenset[str]] = frozenset()
    not_by_key: ClassVar[frozenset[str]] = frozenset()
    fresh_for: ClassVar[frozenset[str]] = frozenset()
    query_parameters: ClassVar[frozenset[str]] = frozenset()
    starts_run: ClassVar[bool] = False
    asks_again_for: ClassVar[frozenset[str]] = frozenset()
    permission_classes = [IsAuthenticated, HasCapability]
    _allowance: Allowance | None = None

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805 - a class method
        """The view function; ImproperlyConfigured when a method has code but no capability."""
        for method in cls.http_method_names:
            if method not in _WITHOUT_CAPABILITY and hasattr(cls, method) and cls._declared_for(method) is None:
                message = f"{cls.__name__} declares no capability for {method.upper()}"
                raise ImproperlyConfigured(message)
        return super().as_view(**initkwargs)

    def capability_for(self, method: str) -> Capability | None:
        """What this method needs; None when the endpoint does not know it."""
        return self._declared_for(method.lower())

    def known_parameters(self) -> frozenset[str]:
        """The query parameters that a GET knows."""
        return self.query_parameters

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who calls, may they, is it still they, and is the question one that this endpoint knows?"""
        super().initial(request, *args, **kwargs)
        if request.auth is None and self._is_guarded(request.method or "") and asks_again(request.session):
            raise ReauthenticationRequiredError
        allowed = self.known_parameters() if request.method in {"GET", "HEAD"} else frozenset()
        if unknown := sorted(set(request.query_params) - allowed):
            raise UnknownParameterError(names=", ".join(unknown)[:200])

    def perform_authentication(self, request: Request) -> None:
        """Find the caller; a key that is not good counts for the network it came from."""
        try:
            super().perform_authentication(request)
        except InvalidApiKeyError:
            request.user, request.auth = AnonymousUser(), None
            self._count(request)
            raise

    def check_permissions(self, request: Request) -> None:
        """Count the call first: a refused one costs as much."""
        self._count(request)
        super().check_permissions(request)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """The answer with what is left of the caller's calls."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self._allowance is not None:
            for name, value in self._allowance.headers().items():
                answer[name] = value
        return answer

    @classmethod
    def _declared_for(cls, method: str) -> Capability | None:
        name = "GET" if method in {"head", "options"} else method.upper()
        return cls.capabilities.get(name, cls.capability)

    def _is_guarded(self, method: str) -> bool:
        is_change = method not in {"GET", "HEAD", "OPTIONS"}
        return method in self.asks_again_for or (
            is_change and self._declared_for(method.lower()) in GUARDED_CAPABILITIES
        )

    def _count(self, request: Request) -> None:
        starts_run = self.starts_run and request.method == "POST"
        self._allowance = count_request(request, starts_run=starts_run)
        refuse_when_spent(self._allowance)


class CapabilityAPIView(CapabilityGate):
    """An endpoint: signed in by session or API key, and with its capability."""


def caller_of(request: Request) -> User:
    """The person that the session or the key stands for; for endpoints behind a gate, where there is one."""
    if not isinstance(request.user, User):
        raise NotAllowedError
    return request.user
