"""Tell the administrators that a certificate ends: a month, a week and a day ahead, and when it has ended; each once."""

from django.db import transaction

from apps.accounts.events import CertificateEnding
from apps.accounts.models import CertificateWarning, SAMLProvider
from apps.accounts.sso.certificate_ends import CertificateEnd, certificate_ends
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish


@transaction.atomic
def warn_of_certificates() -> int:
    """The warnings that were due and are on their way now. A stage that nobody was told of in time is not told of later."""
    used = SAMLProvider.objects.filter(connection__is_enabled=True).select_related("connection")
    return sum(_warn(end, end.stage) for end in certificate_ends(used, at=now()) if end.stage is not None)


def _warn(end: CertificateEnd, stage: int) -> bool:
    warning, is_new = CertificateWarning.objects.get_or_create(
        connection=end.provider.connection,
        fingerprint=end.facts.fingerprint,
        days_ahead=stage,
        defaults={"ends_at": end.facts.ends_at, "is_ours": end.is_ours},
    )
    if is_new:
        detail = {"connection": end.provider.connection.name, "date": end.facts.ends_at.date().isoformat()}
        record("sso.certificate_ending", actor=None, target=end.provider.connection_id, detail=detail)
        publish(CertificateEnding(warning_id=warning.pk))
    return is_new
