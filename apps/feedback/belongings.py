"""What people own in this room."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.owned_things import OwnedKind, register_owned
from apps.feedback.choices import ReviewState
from apps.feedback.models import Review


def _open_reviews(person: User) -> int:
    return Review.objects.filter(state=ReviewState.OPEN, version__document__uploaded_by=person).count()


register_owned(
    OwnedKind(
        "open_reviews",
        _("Open reviews of their documents"),
        _("They go with their documents. What people said and decided in them stays theirs."),
        20,
        _open_reviews,
    )
)
