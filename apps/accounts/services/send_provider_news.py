"""Mail to administrators about their identity providers."""

from uuid import UUID

from django.urls import reverse
from django.utils import formats, translation

from apps.accounts.models import CertificateWarning, SSOConnection, User
from apps.accounts.selectors import active_administrators
from apps.accounts.services.send_link import send_message
from apps.tenants.selectors import absolute_link


def send_certificate_ending(warning_id: UUID, person_id: UUID) -> None:
    """Say which certificate ends when; nothing once the connection is gone or the person administers no more."""
    warning = CertificateWarning.objects.select_related("connection").filter(pk=warning_id).first()
    person = active_administrators().filter(pk=person_id).first()
    if warning is None or person is None:
        return
    with translation.override(person.language):
        date = formats.date_format(warning.ends_at, "DATE_FORMAT")
    values: dict[str, str | int] = {"date": date, "days": warning.days_ahead, "is_ours": int(warning.is_ours)}
    _send("certificate_ending", person, warning.connection, values)


def send_metadata_not_taken(connection_id: UUID, person_id: UUID) -> None:
    """Say that a provider's metadata changed so much that a person has to look; nothing once either is gone."""
    connection = SSOConnection.objects.filter(pk=connection_id).first()
    person = active_administrators().filter(pk=person_id).first()
    if connection is None or person is None:
        return
    _send("metadata_not_taken", person, connection, {})


def _send(name: str, person: User, connection: SSOConnection, values: dict[str, str | int]) -> None:
    link = absolute_link(reverse("accounts:connection", args=[connection.pk]))
    context = {**values, "name": person.name, "connection": connection.name, "link": link}
    send_message(name, to=person.email, language=person.language, context=context)
