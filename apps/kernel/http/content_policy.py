"""The Content-Security-Policy header: django-csp makes its text anew, twice, for each answer; here it is made once."""

from functools import lru_cache

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's own, which is asked only for an answer with a policy of its own (a nonce, a decorator) and in debugging."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer with the policy, unless it has one."""
        if settings.DEBUG or getattr(request, "_csp_nonce", None) is not None or _has_own(response):
            answer: HttpResponseBase = super().process_response(request, response)
            return answer
        if HEADER not in response:
            response[HEADER] = _policy_of_all()
        # As django-csp does: a nonce that is asked for from now on would stand in no header.
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response


def _has_own(response: HttpResponseBase) -> bool:
    return any(name.startswith("_csp_") for name in vars(response))


@lru_cache(maxsize=1)
def _policy_of_all() -> str:
    return str(build_policy())
