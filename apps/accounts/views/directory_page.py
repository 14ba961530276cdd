"""The page of a connection to a directory, with what holds now and what was just refused or found."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.connection_forms import admission_form
from apps.accounts.directory_forms import DirectoryTrialForm, directory_form
from apps.accounts.models import LDAPDirectory, SSOConnection
from apps.accounts.sso.attributes import names_of
from apps.accounts.sso.ldap_words import sentence_of_trouble
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of, status_of


def directory_page(
    request: HttpRequest,
    connection: SSOConnection,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """`more` are forms that were refused, and what a trial has found."""
    directory = LDAPDirectory.objects.filter(connection=connection).first()
    context = {
        "connection": connection,
        "directory": directory,
        "trouble": sentence_of_trouble(directory.trouble) if directory and directory.trouble else "",
        "usual": names_of(connection),
        "directory_form": directory_form(connection, directory),
        "trial_form": DirectoryTrialForm(),
        "admission": admission_form(connection),
        "refusal": sentence_of(refusal) if refusal else "",
        **more,
    }
    return render(
        request, "accounts/connection_directory.html", context, status=status_of(refusal) if refusal else status
    )
