"""Programs that belong to the organization, for its administrators."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.accounts.capabilities import Capability, RoleName, Whose
from apps.accounts.forms import ApiKeyForm, ServiceAccountForm
from apps.accounts.models import ServiceAccount, User
from apps.accounts.selectors import (
    keys_of_service_account,
    people_visible_to,
    person_by_email,
    service_account_for,
    service_accounts_for,
)
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.service_accounts import (
    ServiceAccountSaid,
    change_service_account,
    deactivate_service_account,
    make_service_account,
    reactivate_service_account,
)
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.keys import shown_keys
from apps.accounts.views.refusals import show_refusal
from apps.kernel.clock import now
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of, status_of

_MOST_SUGGESTED = 200


class ServiceAccounts(CapabilityView):
    """Which programs there are."""

    capability = Capability.MANAGE_ORGANIZATION
    fresh_for = frozenset({"POST"})
    return_to = "accounts:service_accounts"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, and a form for a new one."""
        return self._page(
            request, ServiceAccountForm(initial={"responsible": person_of(request).email, "role": "analyst"})
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make an account and show it: it needs a key next."""
        form, status = ServiceAccountForm(request.POST), 400
        if form.is_valid() and (said := _said(form)):
            try:
                account = make_service_account(person_of(request), said=said)
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                messages.success(request, _("The service account is made. Now make a key for it."))
                return redirect("accounts:service_account", account_id=account.pk)
        return self._page(request, form, status=status)

    def _page(self, request: HttpRequest, form: ServiceAccountForm, *, status: int = 200) -> HttpResponse:
        accounts = service_accounts_for(person_of(request))
        context = {"accounts": accounts, "form": form, "colleagues": _colleagues(request)}
        return render(request, "accounts/service_accounts.html", context, status=status)


class Account(CapabilityView):
    """One service account."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    fresh_for = frozenset({"POST"})
    return_to = "accounts:service_accounts"

    def get(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        """What it is, who is responsible, its keys."""
        return _page(request, service_account_for(person_of(request), account_id))

    def post(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        """Change it, or hand it over."""
        user = person_of(request)
        account = service_account_for(user, account_id)
        form, status = ServiceAccountForm(request.POST), 400
        if form.is_valid() and (said := _said(form)):
            try:
                change_service_account(user, account_id=account_id, said=said)
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                messages.success(request, _("The service account is saved."))
                return redirect("accounts:service_account", account_id=account_id)
        return _page(request, account, form=form, status=status)


@method_decorator(never_cache, name="dispatch")
class NewKey(CapabilityView):
    """A key for a service account."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    fresh_for = frozenset({"POST"})
    return_to = "accounts:service_accounts"

    def post(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        """Make it and show it, this once: it is kept nowhere."""
        user = person_of(request)
        account = service_account_for(user, account_id)
        form, status = ApiKeyForm(request.POST, owner=account.account), 400
        if form.is_valid():
            values = form.cleaned_data
            scopes = [Capability(scope) for scope in values["scopes"]]
            try:
                issued = issue_api_key(
                    user,
                    name=values["key_name"],
                    scopes=scopes,
                    life_days=values["life_days"],
                    account_id=account_id,
                )
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                return _page(request, account, new_token=issued.token, status=201)
        return _page(request, account, key_form=form, status=status)


class Deactivate(CapabilityView):
    """Switch a service account off."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        """Do it and show the account."""
        deactivate_service_account(person_of(request), account_id=account_id)
        messages.success(request, _("The service account is deactivated; its keys do not work any more."))
        return redirect("accounts:service_account", account_id=account_id)


class Reactivate(CapabilityView):
    """Switch a service account on again."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    fresh_for = frozenset({"POST"})
    return_to = "accounts:service_accounts"

    def post(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        """Do it and show the account, with the refusal if there is one."""
        user = person_of(request)
        account = service_account_for(user, account_id)
        try:
            reactivate_service_account(user, account_id=account_id)
        except DomainError as error:
            return _page(request, account, refusal=sentence_of(error), status=status_of(error))
        messages.success(request, _("The service account works again."))
        return redirect("accounts:service_account", account_id=account_id)


def _said(form: ServiceAccountForm) -> ServiceAccountSaid | None:
    """None when nobody has the address; the form then says so."""
    said = form.cleaned_data
    responsible = person_by_email(said["responsible"])
    if responsible is None:
        form.add_error("responsible", _("There is no account with this e-mail address."))
        return None
    return ServiceAccountSaid(said["name"], said["purpose"], RoleName(said["role"]), responsible.pk)


def _colleagues(request: HttpRequest) -> QuerySet[User]:
    """Whom the field suggests; others are typed in."""
    active = people_visible_to(person_of(request)).filter(is_active=True)
    return active.order_by("name", "pk")[:_MOST_SUGGESTED]


def _page(request: HttpRequest, account: ServiceAccount, *, status: int = 200, **shown: Any) -> HttpResponse:
    usual = {
        "name": account.account.name,
        "purpose": account.purpose,
        "role": account.account.role,
        "responsible": account.responsible.email if account.responsible else "",
    }
    context = {
        "account": account,
        "colleagues": _colleagues(request),
        "form": ServiceAccountForm(initial=usual),
        "key_form": ApiKeyForm(owner=account.account),
        "keys": shown_keys(keys_of_service_account(person_of(request), account.pk)),
        "now": now(),
        **shown,
    }
    return render(request, "accounts/service_account.html", context, status=status)
