"""The deeds of this room as the record tells them."""

from apps.kernel.audit.actions import register_actions
from apps.kernel.errors import gettext_noop

register_actions(
    {
        "review.drafted": gettext_noop("%(items)s items were put up for decision"),
        "item.accepted": gettext_noop("%(actor)s accepted an item"),
        "item.rejected": gettext_noop("%(actor)s rejected an item"),
        "item.reworded": gettext_noop("%(actor)s reworded and accepted an item"),
        "item.reverted": gettext_noop("%(actor)s took a decision back"),
        "item.added": gettext_noop("%(actor)s added a remark"),
        "item.removed": gettext_noop("%(actor)s removed a remark of their own"),
        "review.reverted": gettext_noop("%(actor)s took back %(count)s decisions"),
        "review.restored": gettext_noop("%(actor)s restored %(count)s decisions that had been taken back"),
        "review.closed": gettext_noop("%(actor)s finished the review"),
        "review.reopened": gettext_noop("%(actor)s reopened the review"),
        "review.exported": gettext_noop("%(actor)s made the reviewed Word file with %(comments)s comments"),
        "demo.filled": gettext_noop("%(actor)s filled the demo with %(documents)s write-ups"),
        "review.downloaded": gettext_noop("%(actor)s downloaded the reviewed Word file"),
    }
)
