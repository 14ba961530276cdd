"""Housekeeping: forget what is over and can never be used again."""

from datetime import timedelta

from django.conf import settings

from apps.accounts.models import (
    AnsweredSignIn,
    CertificateWarning,
    InvitationBatch,
    JudgedSignIn,
    SeenAssertion,
    TokenFamily,
)
from apps.accounts.session_store import remove_ended_sessions
from apps.accounts.sign_ins import SIGN_INS_KEPT
from apps.kernel.clock import now

# As long as a certificate that has ended may lie about, it has been warned of.
_WARNINGS_KEPT = timedelta(days=365)


def remove_expired() -> int:
    """Remove sessions that are over, and answers, assertions and tokens past their end; returns the number of sessions.

    A list of invitations goes when the links that it sent have ended: who did not come is nobody's business any more.
    An assertion is refused by its own dates as soon as its row may go.
    """
    at = now()
    AnsweredSignIn.objects.filter(expires_at__lte=at).delete()
    SeenAssertion.objects.filter(expires_at__lte=at).delete()
    CertificateWarning.objects.filter(ends_at__lte=at - _WARNINGS_KEPT).delete()
    TokenFamily.objects.filter(expires_at__lte=at).delete()
    InvitationBatch.objects.filter(created_at__lte=at - timedelta(seconds=settings.INVITATION_MAX_AGE_S)).delete()
    JudgedSignIn.objects.filter(at__lte=at - SIGN_INS_KEPT).delete()
    return remove_ended_sessions()
