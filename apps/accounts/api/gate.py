"""The door of every endpoint: each declares the capability it needs, for all its methods or one by one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.decorators import classonlymethod
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.policies import may
from apps.kernel.errors import NotAllowedError

_WITHOUT_CAPABILITY = frozenset({"options"})


class HasCapability(BasePermission):
    """The caller has the capability that the endpoint declares for this method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """An undeclared method has no code behind it either: it is let through to its 405."""
        needed = view.capability_for(request.method or "") if isinstance(view, CapabilityGate) else None
        return needed is None or may(request.user, needed)


class CapabilityGate(APIView):
    """What endpoints share: `capability` for every method, or `capabilities` by method name."""

    capability: ClassVar[Capability | None] = None
    capabilities: ClassVar[Mapping[str, Capability]] = {}
    permission_classes = [IsAuthenticated, HasCapability]

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

    @classmethod
    def _declared_for(cls, method: str) -> Capability | None:
        name = "GET" if method in {"head", "options"} else method.upper()
        return cls.capabilities.get(name, cls.capability)


class CapabilityAPIView(CapabilityGate):
    """An endpoint: signed in by session or API key, and with its capability."""


class CapabilityGenericAPIView(CapabilityGate, GenericAPIView[Any]):
    """The same over a queryset, for lists with filters and cursor pages."""


def caller_of(request: Request) -> User:
    """The person that the session or the key stands for; for endpoints behind a gate, where there is one."""
    if not isinstance(request.user, User):
        raise NotAllowedError
    return request.user
