"""Housekeeping: forget what is over and can never be used again."""

from apps.accounts.models import AnsweredSignIn, SeenAssertion, TokenFamily
from apps.accounts.session_store import remove_ended_sessions
from apps.kernel.clock import now


def remove_expired() -> int:
    """Remove sessions that are over, and answers, assertions and tokens past their end; returns the number of sessions.

    An assertion is refused by its own dates as soon as its row may go.
    """
    at = now()
    AnsweredSignIn.objects.filter(expires_at__lte=at).delete()
    SeenAssertion.objects.filter(expires_at__lte=at).delete()
    TokenFamily.objects.filter(expires_at__lte=at).delete()
    return remove_ended_sessions()
