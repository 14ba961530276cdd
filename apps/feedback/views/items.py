"""Decide on items; each answer is the item's card, or the desk for a browser without scripts."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.views.gate import CapabilityView, person_of
from apps.analysis.rules.port import ItemType, Risk
from apps.feedback.choices import Verdict
from apps.feedback.desk_page import card_of, titles_of
from apps.feedback.errors import StaleItemError, UnknownVerdictError
from apps.feedback.forms import RemarkForm, RewordForm
from apps.feedback.models import Item
from apps.feedback.selectors import counts_of, decisions_of, item_for
from apps.feedback.services.add_remark import Remark, add_remark, remove_remark
from apps.feedback.services.decide import Wording, decide
from apps.kernel.http.partials import is_partial
from apps.kernel.http.problem_details import problem_response, sentence_of

_ASKED_FOR = frozenset({Verdict.ACCEPTED, Verdict.REJECTED, Verdict.REVERTED})


class Show(CapabilityView):
    """One item's card, also its history."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE

    def get(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """The history of decisions for ?show=history, else the card."""
        item = item_for(person_of(request), item_id, need="view")
        if request.GET.get("show") == "history":
            return render(request, "feedback/item_history.html", {"item": item, "decisions": decisions_of(item)})
        return _card(request, item)


class Decide(CapabilityView):
    """Accept, reject, or take back."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE

    def post(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """Write the decision; somebody else's newer one is shown instead of being overwritten."""
        asked = request.POST.get("verdict", "")
        if asked not in _ASKED_FOR:
            raise UnknownVerdictError
        user, revision = person_of(request), _revision(request)
        try:
            decide(user, item_id=item_id, verdict=Verdict(asked), expected_revision=revision)
        except StaleItemError as error:
            return _card(request, item_for(user, item_id, need="view"), warning=sentence_of(error))
        return _card(request, item_for(user, item_id, need="view"))


class Reword(CapabilityView):
    """Say it in one's own words; that accepts it."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE

    def get(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """The form in place of the card."""
        item = item_for(person_of(request), item_id, need="decide")
        form = RewordForm(initial={"description": item.shown_description, "suggestion": item.shown_suggestion})
        return _reword_form(request, item, form)

    def post(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """Save the words. When somebody else was faster, theirs are shown beside one's own, and nothing is lost."""
        user, form = person_of(request), RewordForm(request.POST)
        if not form.is_valid():
            return _reword_form(request, item_for(user, item_id, need="decide"), form, status=400)
        wording = Wording(description=form.cleaned_data["description"], suggestion=form.cleaned_data["suggestion"])
        try:
            decide(
                user, item_id=item_id, verdict=Verdict.REWORDED, wording=wording, expected_revision=_revision(request)
            )
        except StaleItemError as error:
            item = item_for(user, item_id, need="decide")
            return _reword_form(request, item, form, warning=sentence_of(error))
        return _card(request, item_for(user, item_id, need="view"))


class AddRemark(CapabilityView):
    """Add an item of one's own."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Save and show the desk at the new item; a script is told what is new and draws it in place."""
        form = RemarkForm(request.POST)
        if not form.is_valid():
            sentence = " ".join(str(fault) for faults in form.errors.values() for fault in faults)
            if is_partial(request):
                return problem_response(request, status=400, code="invalid_input", detail=sentence)
            messages.error(request, sentence)
            return redirect("feedback:desk", document_id=document_id)
        item = add_remark(person_of(request), document_id=document_id, remark=_remark(form))
        if is_partial(request):
            return _told("prism:remark-added", item)
        return redirect(reverse("feedback:desk", args=[document_id]) + f"#item-{item.id}")


class Remove(CapabilityView):
    """Remove one's own remark."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.OWN_REMARK

    def post(self, request: HttpRequest, item_id: UUID) -> HttpResponse:
        """Remove and show the desk, or the counts alone in a swap."""
        item = item_for(person_of(request), item_id, need="decide")
        remove_remark(person_of(request), item_id=item_id)
        if is_partial(request):
            context = {"counts": counts_of(item.review)}
            return _told("prism:remark-removed", item, render(request, "feedback/counts_swap.html", context))
        return redirect("feedback:desk", document_id=item.review.version.document_id)


def _card(request: HttpRequest, item: Item, *, warning: str = "") -> HttpResponse:
    """The item's card with fresh counts beside it; the whole desk without htmx."""
    if not is_partial(request):
        if warning:
            messages.warning(request, warning)
        return redirect(reverse("feedback:desk", args=[item.review.version.document_id]) + f"#item-{item.id}")
    card = card_of(person_of(request), item=item, csrf_token=get_token(request), warning=warning)
    context = {"card": card, "counts": counts_of(item.review)}
    return render(request, "feedback/item_answer.html", context)


def _reword_form(
    request: HttpRequest, item: Item, form: RewordForm, *, status: int = 200, warning: str = ""
) -> HttpResponse:
    """The form in place of the card; a page of its own without htmx."""
    template = "feedback/item_reword.html" if is_partial(request) else "feedback/item_reword_page.html"
    document = item.review.version.document
    context = {"item": item, "titles": titles_of(item), "document": document, "form": form, "warning": warning}
    return render(request, template, context, status=status)


def _revision(request: HttpRequest) -> int | None:
    """The revision that the person saw; None when the form does not say."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _remark(form: RemarkForm) -> Remark:
    given = form.cleaned_data
    return Remark(
        section_id=given["section"],
        start=given["start"],
        end=given["end"],
        description=given["description"],
        suggestion=given["suggestion"],
        type=ItemType(given["type"]),
        risk=Risk(given["risk"]),
        points=tuple(number for number in given["points"] if number)[:3],
    )


def _told(event: str, item: Item, response: HttpResponse | None = None) -> HttpResponse:
    """An answer that carries a browser event about this item."""
    answer = response or HttpResponse(status=204)
    answer["HX-Trigger"] = json.dumps({event: {"item": str(item.id), "section": str(item.section_id)}})
    return answer
