"""The API's description as a page on which it can be tried."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.capabilities import Capability
from apps.accounts.views.gate import CapabilityView


class ApiDocs(CapabilityView):
    """Swagger UI over /api/v2/schema/."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; its script is a file of its own, as the Content-Security-Policy allows no other."""
        return render(request, "accounts/api_docs.html")
