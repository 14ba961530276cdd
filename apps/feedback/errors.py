"""What can go wrong with a decision."""

from apps.kernel.errors import ConflictError, InvalidInputError, gettext_noop


class ReviewClosedError(ConflictError):
    """The review is finished; reopen it to decide again."""

    code = "review_closed"
    sentence = gettext_noop("This review is finished. Reopen it to change a decision.")


class ReviewNotReadyError(ConflictError):
    """There are no items yet."""

    code = "review_not_ready"
    sentence = gettext_noop("The review of this document is not ready yet.")


class StaleItemError(ConflictError):
    """Somebody else decided in the meantime."""

    code = "item_changed"
    sentence = gettext_noop("Somebody else has changed this item in the meantime. Look at it again.")
    http_status = 412


class NothingToUndoError(ConflictError):
    """This person took nothing back at the moment that was named."""

    code = "nothing_to_undo"
    sentence = gettext_noop("There is nothing to undo here.")


class UnknownVerdictError(InvalidInputError):
    """What was asked is none of the decisions one can make."""

    code = "unknown_verdict"
    sentence = gettext_noop("An item can be accepted, rejected or taken back.")


class SpanOutsideError(InvalidInputError):
    """The marked words are not in the section."""

    code = "span_outside_section"
    sentence = gettext_noop("The marked words are not in this section.")


class NothingToExportError(ConflictError):
    """Nothing was accepted, so the file would hold no comment."""

    code = "nothing_to_export"
    sentence = gettext_noop(
        "No item is accepted, so the Word file would hold no comment. Accept an item or add a remark of your own."
    )
