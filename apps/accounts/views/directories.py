"""A directory as an administrator sets it up: describe it, try it in two steps."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.directory_forms import DirectoryForm, DirectoryTrialForm
from apps.accounts.models import SSOConnection
from apps.accounts.services.describe_directory import describe_directory
from apps.accounts.services.ldap_sign_in import count_directory, look_up
from apps.accounts.sso.admission import plan_admission
from apps.accounts.sso.ldap_connections import described_directory_for, directory_connection_for
from apps.accounts.sso.ldap_errors import DirectoryUnavailableError
from apps.accounts.sso.ldap_words import sentence_of_trouble
from apps.accounts.views.directory_page import directory_page
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of


@method_decorator(sensitive_post_parameters("bind_password"), name="dispatch")
class Directory(CapabilityView):
    """What the directory is."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    fresh_for = frozenset({"POST"})
    return_to = "accounts:connections"

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Keep it, or say what is wrong with it."""
        user = person_of(request)
        connection = directory_connection_for(user, connection_id)
        form, status = DirectoryForm(request.POST), 400
        if form.is_valid():
            password = form.cleaned_data["bind_password"]
            try:
                describe_directory(user, connection_id=connection_id, facts=form.facts(), password=password)
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                messages.success(request, _("The directory is described. Try it next."))
                return redirect("accounts:connection", connection_id=connection_id)
        return directory_page(request, connection, directory_form=form, status=status)


class TryDirectory(CapabilityView):
    """The first step of the trial: does the service account get in, and whom does the filter find?"""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Say how many, or what stands in the way."""
        connection = described_directory_for(person_of(request), connection_id)
        try:
            count = count_directory(connection)
        except DirectoryUnavailableError as error:
            return _trouble_page(request, connection, error)
        return directory_page(request, connection, counted=count)


class LookUp(CapabilityView):
    """The second step: one person, their attributes, and who would result. Nobody is signed in, no password is asked."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """The page that the trial of every protocol ends on, or why there is none."""
        connection = described_directory_for(person_of(request), connection_id)
        form = DirectoryTrialForm(request.POST)
        if not form.is_valid():
            return directory_page(request, connection, trial_form=form, status=400)
        try:
            claims = look_up(connection, name=form.cleaned_data["user_name"])
        except DirectoryUnavailableError as error:
            return _trouble_page(request, connection, error)
        if claims is None:
            form.add_error(
                "user_name", _("The filter finds nobody by this name, or more than one, or somebody who is shut out.")
            )
            return directory_page(request, connection, trial_form=form, status=400)
        plan = plan_admission(connection, claims)
        context = {"connection": connection, "claims": claims, "plan": plan, "attributes": claims.attributes.items()}
        return render(request, "accounts/connection_tested.html", context)


def _trouble_page(request: HttpRequest, connection: SSOConnection, error: DirectoryUnavailableError) -> HttpResponse:
    """To administrators the reason is told: they can mend it."""
    said = sentence_of_trouble(str(error.fields["reason"]))
    return directory_page(request, connection, trial_refusal=said, status=status_of(error))
