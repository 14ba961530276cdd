"""Who can see a document."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.views.gate import CapabilityView, person_of
from apps.feedback.access import Deed, PersonalAccess, Reason, access_to

_A_PAGE = 100
_DEED_WORDS = {
    Deed.READ: _("read"),
    Deed.EDIT: _("change"),
    Deed.DECIDE: _("decide"),
    Deed.DELETE: _("delete"),
}
_REASON_WORDS = {
    Reason.OWNER: _("owns the document"),
    Reason.ROLE: _("by their role"),
    Reason.TEAM: _("leads a team of the owner"),
}


class Access(CapabilityView):
    """For the document's readers."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE

    def get(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """How many can do what, and by name those whom the reader may know of."""
        access = access_to(person_of(request), document_id)
        page = Paginator(access.named, _A_PAGE).get_page(request.GET.get("page"))
        context = {
            "document": access.document,
            "counts": [(_DEED_WORDS[deed], count) for deed, count in access.counts.items()],
            "page": page,
            "rows": [_shown(one) for one in page.object_list],
            "unnamed_count": access.unnamed_count,
        }
        return render(request, "feedback/access.html", context)


def _shown(one: PersonalAccess) -> dict[str, object]:
    deeds = ", ".join(str(_DEED_WORDS[deed]) for deed in one.deeds)
    return {"person": one.person, "deeds": deeds, "reason": _REASON_WORDS[one.reason]}
