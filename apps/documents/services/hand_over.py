"""Give a person's documents to a colleague."""

from django.db import transaction

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.policies import require
from apps.documents.errors import HeirMayNotReadError
from apps.documents.models import Document
from apps.documents.policies import may_edit
from apps.kernel.audit.record import record
from apps.kernel.clock import now


@transaction.atomic
def hand_over_documents(user: User, *, person: User, heir: User) -> int:
    """How many documents changed hands; each says so in its own record. Nobody comes to see what they might not see before.

    Raises NotAllowedError, and HeirMayNotReadError when the heir may not work on one of them: then none moves.
    """
    require(user, Capability.MANAGE_ORGANIZATION)
    documents = list(Document.objects.select_for_update().filter(uploaded_by=person).order_by("pk"))
    if refused := sum(not may_edit(heir, document) for document in documents):
        raise HeirMayNotReadError(count=refused, name=heir.name)
    for document in documents:
        record(
            "document.handed_over", actor=user, target=document.pk, detail={"before": person.name, "after": heir.name}
        )
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(uploaded_by=heir, updated_at=now())
    return len(documents)
