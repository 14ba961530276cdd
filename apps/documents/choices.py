"""The words of this room as Django choices."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from apps.documents.blocks.port import FileKind


class Classification(models.TextChoices):
    """Who a document is meant for."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    CONFIDENTIAL = "confidential", _("Confidential")
    RESTRICTED = "restricted", _("Restricted")


FILE_KINDS = [(kind.value, kind.value.upper()) for kind in FileKind]

NOTICES = {
    "tracked_deletions": ngettext_lazy(
        "%(n)s passage deleted with tracked changes was left out of the review.",
        "%(n)s passages deleted with tracked changes were left out of the review.",
        "n",
    ),
    "hidden_text": ngettext_lazy(
        "%(n)s passage of hidden text was read and reviewed like the rest.",
        "%(n)s passages of hidden text were read and reviewed like the rest.",
        "n",
    ),
    "pictures_not_read": ngettext_lazy(
        "%(n)s picture was not read: only text is reviewed.",
        "%(n)s pictures were not read: only text is reviewed.",
        "n",
    ),
    "embedded_file_not_read": ngettext_lazy(
        "%(n)s embedded file was not read.", "%(n)s embedded files were not read.", "n"
    ),
    "removed_characters": ngettext_lazy(
        "%(n)s unreadable control character was removed from the text.",
        "%(n)s unreadable control characters were removed from the text.",
        "n",
    ),
    "no_text_layer": ngettext_lazy(
        "%(n)s page has no text layer and was not read. It needs text recognition (OCR) first.",
        "%(n)s pages have no text layer and were not read. They need text recognition (OCR) first.",
        "n",
    ),
    "layout_not_kept": _(
        "Only the text of this file was read. The reviewed Word file is a new one: it holds the text and the comments, not the "
        "layout, tables or pictures."
    ),
    "encoding_guessed": _("The file does not say how its letters are encoded; %(detail)s was assumed."),
}
"""What the reader of a file noticed, by its code, as sentences for people."""


def notice_sentence(notice: Mapping[str, object]) -> str:
    """A stored notice (code, count, detail) as a sentence; a general one for a code of another version."""
    values = {"n": notice.get("count", 1), "detail": notice.get("detail", "")}
    template = NOTICES.get(str(notice.get("code")), _("Something in this file could not be read in full (%(code)s)."))
    return str(template % {**values, "code": notice.get("code", "")})
