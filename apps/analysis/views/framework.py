"""The framework in use, for everyone to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.capabilities import Capability
from apps.accounts.policies import may
from apps.accounts.views.gate import CapabilityView, person_of
from apps.analysis.models import Framework
from apps.analysis.selectors import frameworks
from apps.analysis.services.adopt_framework import framework_in_use
from apps.kernel.errors import NotFoundError

_MOST_DIGITS = 6


class FrameworkPage(CapabilityView):
    """The points, and how each is judged."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The version in use, or with ?version=n an older one; administrators find the way to edit it."""
        in_use = framework_in_use()
        versions = list(
            frameworks().filter(slug=in_use.slug).only("slug", "version", "title", "is_active", "created_at")
        )
        framework = _version_of(in_use, request.GET.get("version", ""))
        context = {
            "framework": framework,
            "text": framework.text(),
            "versions": versions,
            "may_edit": may(person_of(request), Capability.MANAGE_ORGANIZATION),
        }
        return render(request, "analysis/framework.html", context)


def _version_of(in_use: Framework, asked: str) -> Framework:
    """The version asked for; NotFoundError when there is none of this number."""
    if not asked:
        return in_use
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS
    found = frameworks().filter(slug=in_use.slug, version=int(asked)).first() if is_number else None
    if found is None:
        raise NotFoundError
    return found
