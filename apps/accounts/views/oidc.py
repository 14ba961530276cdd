"""Our two addresses of an OpenID Connect connection: the way out and the way back in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import OpenedBy
from apps.accounts.selectors import enabled_connection, oidc_provider
from apps.accounts.services.oidc_logout import receive_back_channel_logout
from apps.accounts.services.oidc_sign_in import OIDCAnswer, begin_oidc_sign_in, receive_oidc_answer
from apps.accounts.sso.oidc_errors import OIDCInvalidError
from apps.accounts.views.gate import PublicView
from apps.accounts.views.going_in import go_on_from_provider, own_address
from apps.accounts.views.saml import keep_in_browser
from apps.kernel.audit.request_context import request_context

_PARAMETERS = ("state", "code", "error", "iss")


@method_decorator(never_cache, name="dispatch")
class OIDCLogin(PublicView):
    """Leave for the provider."""

    opened_by = OpenedBy.PROVIDER

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Redirect; the browser keeps what it asked for."""
        connection = enabled_connection(slug, kind="oidc")
        begun = begin_oidc_sign_in(connection, goal=own_address(request, request.GET.get("next", "")))
        response = redirect(begun.url)
        keep_in_browser(response, begun.browser_token)
        return response


@method_decorator(never_cache, name="dispatch")
class OIDCCallback(PublicView):
    """The browser comes back from the provider, with a code or with the reason why there is none."""

    opened_by = OpenedBy.PROVIDER

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Sign in; after a trial, show what came."""
        provider = oidc_provider(slug)
        came = receive_oidc_answer(
            provider,
            answer=_answer_in(request),
            browser_token=request.COOKIES.get(settings.SSO_COOKIE_NAME, ""),
            address=request_context().ip or "",
        )
        if came.person is None:
            response: HttpResponse = redirect("accounts:connection_tested", answer_id=came.tried)
        else:
            response = go_on_from_provider(
                request,
                came.person,
                connection=provider.connection,
                words=came.words,
                goal=own_address(request, came.goal),
            )
        response.delete_cookie(settings.SSO_COOKIE_NAME)
        return response


@method_decorator([csrf_exempt, never_cache, sensitive_post_parameters("logout_token")], name="dispatch")
class OIDCBackChannelLogout(PublicView):
    """The provider itself says that sessions have ended. Its signature is all that counts; no browser and no cookie is there."""

    opened_by = OpenedBy.PROVIDER

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """200 when it is believed, also when there was no such session; 400 with a word for the provider's log."""
        try:
            receive_back_channel_logout(
                oidc_provider(slug),
                logout_token=request.POST.get("logout_token", ""),
                address=request_context().ip or "",
            )
        except OIDCInvalidError:
            return JsonResponse({"error": "invalid_request"}, status=400)
        return HttpResponse(status=200)


def _answer_in(request: HttpRequest) -> OIDCAnswer:
    given = {name: request.GET.getlist(name) for name in _PARAMETERS}
    state, code, error, issuer = (found[0] if found else "" for found in given.values())
    is_ambiguous = any(len(found) > 1 for found in given.values())
    return OIDCAnswer(state=state, code=code, error=error, issuer=issuer, is_ambiguous=is_ambiguous)
