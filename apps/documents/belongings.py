"""What people own in this room."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.owned_things import OwnedKind, register_owned
from apps.documents.models import Document
from apps.documents.services.hand_over import hand_over_documents


def _documents(person: User) -> int:
    return Document.objects.filter(uploaded_by=person).count()


def _hand_over(user: User, person: User, heir: User) -> int:
    return hand_over_documents(user, person=person, heir=heir)


register_owned(
    OwnedKind(
        "documents",
        _("Documents"),
        _(
            "A colleague can take them over. Otherwise team leads of the same team and administrators alone can delete them."
        ),
        10,
        _documents,
        _hand_over,
    )
)
