"""The deeds of this room as the record tells them."""

from apps.kernel.audit.actions import register_actions
from apps.kernel.errors import gettext_noop

register_actions(
    {
        "analysis.requested": gettext_noop("%(actor)s asked for a new review"),
        "analysis.finished": gettext_noop(
            "The document was reviewed: %(findings)s items, %(gaps)s gaps; engines: %(engines)s"
        ),
        "analysis.replayed": gettext_noop("The stored replies of the model were read again"),
        "framework.adopted": gettext_noop("%(actor)s adopted framework %(slug)s version %(version)s"),
    }
)
