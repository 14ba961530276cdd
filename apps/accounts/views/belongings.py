"""What a person owns here, and who takes it over when they leave."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.forms import HeirForm
from apps.accounts.models import User
from apps.accounts.selectors import owned_by, person_by_email, person_for, possible_heirs
from apps.accounts.services.hand_over import deactivate_and_hand_over, hand_over
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of

_MOST_SUGGESTED = 200


class Belongings(CapabilityView):
    """One person's, with the ways to hand them over and to deactivate the person."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def get(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """The page."""
        return _page(request, person_for(person_of(request), person_id), HeirForm())

    def post(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """Hand over, or deactivate and hand over if an heir is named."""
        user = person_of(request)
        person, form, status = person_for(user, person_id), HeirForm(request.POST), 400
        if form.is_valid():
            heir = person_by_email(form.cleaned_data["heir"]) if form.cleaned_data["heir"] else None
            try:
                if form.cleaned_data["heir"] and heir is None:
                    form.add_error("heir", _("There is no account with this e-mail address."))
                elif form.cleaned_data["deed"] == "deactivate":
                    deactivate_and_hand_over(user, person_id=person_id, heir_id=heir.pk if heir else None)
                    messages.success(request, _("%(name)s cannot sign in any more.") % {"name": person.name})
                    return redirect("accounts:people")
                elif heir is None:
                    form.add_error("heir", _("Say who takes it over."))
                else:
                    moved = sum(hand_over(user, person_id=person_id, heir_id=heir.pk).values())
                    messages.success(
                        request, _("%(n)s things now belong to %(name)s.") % {"n": moved, "name": heir.name}
                    )
                    return redirect("accounts:belongings", person_id=person_id)
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
        return _page(request, person, form, status=status)


def _page(request: HttpRequest, person: User, form: HeirForm, *, status: int = 200) -> HttpResponse:
    user = person_of(request)
    owned = owned_by(user, person)
    context = {
        "person": person,
        "form": form,
        "owned": owned,
        "may_hand_over": any(one.kind.hand_over for one in owned),
        "heirs": possible_heirs(user, person)[:_MOST_SUGGESTED],
    }
    return render(request, "accounts/belongings.html", context, status=status)
