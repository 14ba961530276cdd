"""The framework in use, for everyone to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.capabilities import Capability
from apps.accounts.policies import may
from apps.accounts.views.gate import CapabilityView, person_of
from apps.analysis.services.adopt_framework import framework_in_use


class FrameworkPage(CapabilityView):
    """The points, and how each is judged."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; administrators find the way to edit it."""
        framework = framework_in_use()
        may_edit = may(person_of(request), Capability.MANAGE_ORGANIZATION)
        return render(
            request, "analysis/framework.html", {"framework": framework, "text": framework.text(), "may_edit": may_edit}
        )
