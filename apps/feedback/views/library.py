"""The library: every document one may see, how far its review is, and the drop zone."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from apps.accounts.capabilities import Capability
from apps.accounts.policies import may
from apps.accounts.views.gate import CapabilityView, person_of
from apps.documents.models import Document
from apps.documents.selectors import documents_visible_to
from apps.feedback.forms import ORDERS, LibraryFilter
from apps.feedback.selectors import with_review_counts
from apps.kernel.http.partials import render_page
from apps.kernel.jobs.selectors import with_job_state

PAGE_SIZE = 25


class Library(CapabilityView):
    """List, filter, sort, search by name."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page, or its list alone for htmx."""
        form = LibraryFilter(request.GET)
        form.is_valid()
        visible = documents_visible_to(person_of(request))
        found = _filtered(visible, request, form.cleaned_data)
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


def _filtered(found: QuerySet[Document], request: HttpRequest, asked: dict[str, object]) -> QuerySet[Document]:
    found = with_job_state(with_review_counts(found), pipeline="review")
    if asked.get("q"):
        found = found.filter(name__icontains=asked["q"])
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    if asked.get("mine"):
        found = found.filter(uploaded_by=request.user)
    state = asked.get("state")
    if state in {"open", "closed"}:
        found = found.filter(review_state=state)
    elif state == "running":
        found = found.filter(job_state__in=["queued", "running"])
    elif state == "failed":
        found = found.filter(job_state__in=["failed", "quarantined"])
    return found.order_by(ORDERS.get(str(asked.get("order")), "-created_at"), "-id")
