"""The library: every document one may see, how far its review is, and the drop zone."""

from django.http import HttpRequest, HttpResponse

from apps.accounts.capabilities import Capability
from apps.accounts.policies import may
from apps.accounts.views.gate import CapabilityView, person_of
from apps.feedback.forms import LibraryFilter
from apps.feedback.library_page import library_page
from apps.kernel.http.partials import render_page


class Library(CapabilityView):
    """List, filter, sort, search by name."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page, or its list alone for htmx."""
        form = LibraryFilter(request.GET)
        form.is_valid()
        page, rows = library_page(person_of(request), asked=form.cleaned_data, number=request.GET.get("page"))
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            "form": form,
            "page": page,
            "rows": rows,
            "query": query.urlencode(),
            "is_filtered": any(form.cleaned_data.get(name) for name in ("q", "state", "kind", "mine")),
            "may_upload": may(person_of(request), Capability.UPLOAD_DOCUMENTS),
        }
        return render_page(request, "documents/library.html", context, part="documents/library_list.html")
