"""Who may decide."""

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.policies import may
from apps.documents.models import Document
from apps.documents.policies import may_view
from apps.feedback.models import Item


def may_decide(user: User, document: Document) -> bool:
    """Those who decide on feedback, on documents they may see."""
    return may_view(user, document) and may(user, Capability.DECIDE_FEEDBACK)


def may_take_word_file(user: User, document: Document) -> bool:
    """The reviewed Word file belongs to the review: whoever may decide in it may take it home."""
    return may_decide(user, document)


def may_remove_remark(user: User, document: Document, item: Item) -> bool:
    """Only one's own remark, and only while one may decide."""
    return item.author_id == user.id and may_decide(user, document)
