"""The library: every document one may see, how far its review is, and the drop zone."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.policies import may
from apps.accounts.views.gate import CapabilityView, person_of
from apps.documents.models import Document
from apps.documents.selectors import documents_visible_to
from apps.feedback.forms import ORDERS, LibraryFilter
from apps.feedback.selectors import with_review_counts
from apps.kernel.http.partials import render_page
from apps.kernel.jobs.selectors import with_job_state

PAGE_SIZE = 25
_CONDITIONS: dict[str, dict[str, Any]] = {
    "open": {"review_state": "open"},
    "closed": {"review_state": "closed"},
    "running": {"job_state__in": ["queued", "running"]},
    "failed": {"job_state__in": ["failed", "quarantined"]},
}


class Library(CapabilityView):
    """List, filter, sort, search by name."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page, or its list alone for htmx."""
        form = LibraryFilter(request.GET)
        form.is_valid()
        visible = documents_visible_to(person_of(request))
        found = _filtered(visible, person_of(request), form.cleaned_data)
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            "form": form,
            "page": page,
            "query": query.urlencode(),
            "is_filtered": any(form.cleaned_data.get(name) for name in ("q", "state", "kind", "mine")),
            "may_upload": may(person_of(request), Capability.UPLOAD_DOCUMENTS),
        }
        return render_page(request, "documents/library.html", context, part="documents/library_list.html")


def _filtered(visible: QuerySet[Document], user: User, asked: dict[str, Any]) -> QuerySet[Document]:
    conditions = dict(_CONDITIONS.get(asked.get("state") or "", {}))
    if asked.get("q"):
        conditions["name__icontains"] = asked["q"]
    if asked.get("kind"):
        conditions["kind"] = asked["kind"]
    if asked.get("mine"):
        conditions["uploaded_by"] = user
    found = with_job_state(with_review_counts(visible), pipeline="review").filter(**conditions)
    return found.order_by(ORDERS.get(asked.get("order") or "", "-created_at"), "-id")
