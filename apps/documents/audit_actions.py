"""The deeds of this room as the record tells them."""

from apps.kernel.audit.actions import register_actions
from apps.kernel.errors import gettext_noop

register_actions(
    {
        "document.uploaded": gettext_noop("%(actor)s uploaded the document"),
        "document.text_extracted": gettext_noop("The text was read: %(words)s words"),
        "document.divided": gettext_noop("The text was divided into %(sections)s sections"),
        "document.renamed": gettext_noop("%(actor)s renamed the document"),
        "document.downloaded": gettext_noop("%(actor)s downloaded the original"),
        "document.job_stopped": gettext_noop("%(actor)s stopped the review"),
        "document.job_restarted": gettext_noop("%(actor)s started the review again"),
        "document.handed_over": gettext_noop("%(actor)s gave the document of %(before)s to %(after)s"),
        "document.purged": gettext_noop("%(actor)s deleted the document"),
    }
)
