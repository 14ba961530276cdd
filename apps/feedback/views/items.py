"""Decide on items; each answer is the item's card, or the desk for a browser without scripts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.accounts.capabilities import Capability
from apps.accounts.views.gate import CapabilityView, person_of
from apps.analysis.rules.port import ItemType, Risk
from apps.feedback.choices import Verdict
from apps.feedback.desk_page import card_context
from apps.feedback.errors import StaleItemError, UnknownVerdictError
from apps.feedback.forms import RemarkForm, RewordForm
from apps.feedback.models import Item
from apps.feedback.selectors import counts_of, decisions_of, item_for
from apps.feedback.services.add_remark import Remark, add_remark, remove_remark
from apps.feedback.services.decide import Wording, decide
from apps.kernel.http.partials import is_partial
from apps.kernel.http.problem_details import sentence_of

_ASKED_FOR = frozenset({Verdict.ACCEPTED, Verdict.REJECTED, Verdict.REVERTED})


def _card(request: HttpRequest, item: Item, *, status: int = 200, warning: str = "") -> HttpResponse:
    """The item's card with fresh counts beside it; the whole desk without htmx."""
    if not is_partial(request):
        if warning:
            messages.warning(request, warning)
        return redirect(reverse("feedback:desk", args=[item.review.version.document_id]) + f"#item-{item.id}")
    context = card_context(person_of(request), item=item) | {
        "counts": counts_of(item.review),
        "review": item.review,
        "warning": warning,
    }
    return render(request, "feedback/item_answer.html", context, status=status)


class Show(CapabilityView):
    """One item's card, also its history."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """The history of decisions for the dialog, the card for ?form=reword."""
        item = item_for(person_of(request), item_id, need="view")
        if request.GET.get("show") == "history":
            return render(request, "feedback/item_history.html", {"item": item, "decisions": decisions_of(item)})
        return _card(request, item)


class Decide(CapabilityView):
    """Accept, reject, or take back."""

    capability = Capability.DECIDE_FEEDBACK

    def post(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """Write the decision; somebody else's newer one is shown instead of being overwritten."""
        asked = request.POST.get("verdict", "")
        if asked not in _ASKED_FOR:
            raise UnknownVerdictError
        revision = request.POST.get("revision", "")
        try:
            item = decide(
                person_of(request),
                item_id=item_id,
                verdict=Verdict(asked),
                expected_revision=int(revision) if revision.isdecimal() else None,
            )
        except StaleItemError as error:
            return _card(request, item_for(person_of(request), item_id, need="view"), warning=sentence_of(error))
        return _card(request, item_for(person_of(request), item.id, need="view"))


class Reword(CapabilityView):
    """Say it in one's own words; that accepts it."""

    capability = Capability.DECIDE_FEEDBACK

    def get(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """The form in place of the card."""
        item = item_for(person_of(request), item_id, need="decide")
        form = RewordForm(initial={"description": item.shown_description, "suggestion": item.shown_suggestion})
        return render(request, "feedback/item_reword.html", {"item": item, "form": form})

    def post(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """Save the words."""
        form = RewordForm(request.POST)
        if not form.is_valid():
            item = item_for(person_of(request), item_id, need="decide")
            return render(request, "feedback/item_reword.html", {"item": item, "form": form}, status=400)
        wording = Wording(description=form.cleaned_data["description"], suggestion=form.cleaned_data["suggestion"])
        decide(person_of(request), item_id=item_id, verdict=Verdict.REWORDED, wording=wording)
        return _card(request, item_for(person_of(request), item_id, need="view"))


class AddRemark(CapabilityView):
    """Add an item of one's own."""

    capability = Capability.DECIDE_FEEDBACK

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Save and show the desk at the new item."""
        form = RemarkForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
            return redirect("feedback:desk", document_id=document_id)
        given = form.cleaned_data
        remark = Remark(
            section_id=given["section"],
            start=given["start"],
            end=given["end"],
            description=given["description"],
            suggestion=given["suggestion"],
            type=ItemType(given["type"]),
            risk=Risk(given["risk"]),
            points=tuple(given["points"][:3]),
        )
        item = add_remark(person_of(request), document_id=document_id, remark=remark)
        return redirect(reverse("feedback:desk", args=[document_id]) + f"#item-{item.id}")


class Remove(CapabilityView):
    """Remove one's own remark."""

    capability = Capability.DECIDE_FEEDBACK

    def post(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """Remove and show the desk."""
        item = item_for(person_of(request), item_id, need="decide")
        remove_remark(person_of(request), item_id=item_id)
        return redirect("feedback:desk", document_id=item.review.version.document_id)
