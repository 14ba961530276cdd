"""Our four addresses of a SAML connection: metadata, the way out, the way in, and the page where both meet."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import OpenedBy
from apps.accounts.models import SSOConnection
from apps.accounts.selectors import enabled_connection, saml_connection
from apps.accounts.services.saml_sign_in import (
    answer_to_confirm,
    begin_saml_sign_in,
    collect_saml_sign_in,
    receive_saml_answer,
)
from apps.accounts.sso.saml_settings import own_metadata
from apps.accounts.sso.sealed_claims import claims_in
from apps.accounts.views.gate import PublicView
from apps.accounts.views.going_in import go_on_from_provider, own_address
from apps.kernel.audit.request_context import request_context


class SAMLMetadata(PublicView):
    """What the provider has to know about us; also before the connection is enabled, for it is set up with this."""

    opened_by = OpenedBy.PROVIDER

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The metadata document."""
        del request
        return HttpResponse(own_metadata(saml_connection(slug)), content_type="application/samlmetadata+xml")


@method_decorator(never_cache, name="dispatch")
class SAMLLogin(PublicView):
    """Leave for the provider."""

    opened_by = OpenedBy.PROVIDER

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Redirect; the browser keeps what it asked for."""
        connection = enabled_connection(slug, kind="saml")
        begun = begin_saml_sign_in(connection, goal=own_address(request, request.GET.get("next", "")))
        response = redirect(begun.url)
        keep_in_browser(response, begun.browser_token)
        return response


@method_decorator([csrf_exempt, never_cache, sensitive_post_parameters("SAMLResponse")], name="dispatch")
class SAMLAnswer(PublicView):
    """The provider's answer comes in (ACS). Another site posts it: no cookie of ours comes with it, and none is set."""

    opened_by = OpenedBy.PROVIDER

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Check it, and go to the page that sees the browser's cookie. RelayState has no say in where that is."""
        connection = saml_connection(slug, is_described=True)
        answered = receive_saml_answer(
            connection, parameter=request.POST.get("SAMLResponse", ""), address=request_context().ip or ""
        )
        return redirect("accounts:saml_collect", slug=connection.slug, answer_id=answered.pk)


@method_decorator(never_cache, name="dispatch")
class SAMLCollect(PublicView):
    """The browser that asked collects the answer; where the provider began, the person confirms who they are."""

    opened_by = OpenedBy.PROVIDER

    def get(self, request: HttpRequest, slug: str, answer_id: UUID) -> HttpResponse:
        """Sign in, or ask."""
        connection = saml_connection(slug)
        waiting = answer_to_confirm(connection, answer_id)
        if waiting is not None:
            return render(
                request, "accounts/sso_confirm.html", {"connection": connection, "claims": claims_in(waiting)}
            )
        return self._collect(request, connection, answer_id)

    def post(self, request: HttpRequest, slug: str, answer_id: UUID) -> HttpResponse:
        """The person has confirmed."""
        return self._collect(request, saml_connection(slug), answer_id, is_confirmed=True)

    def _collect(
        self, request: HttpRequest, connection: SSOConnection, answer_id: UUID, *, is_confirmed: bool = False
    ) -> HttpResponse:
        collected = collect_saml_sign_in(
            connection,
            answer_id=answer_id,
            browser_token=request.COOKIES.get(settings.SSO_COOKIE_NAME, ""),
            is_confirmed=is_confirmed,
        )
        if collected.person is None:
            response: HttpResponse = redirect("accounts:connection_tested", answer_id=answer_id)
        else:
            response = go_on_from_provider(
                request,
                collected.person,
                connection=connection,
                words=collected.words,
                goal=own_address(request, collected.goal),
            )
        response.delete_cookie(settings.SSO_COOKIE_NAME)
        return response


def keep_in_browser(response: HttpResponse, token: str) -> None:
    """For the way to the provider and back; sent only to us, and not to scripts."""
    response.set_cookie(
        settings.SSO_COOKIE_NAME,
        token,
        max_age=settings.SSO_REQUEST_MAX_AGE_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
