"""What can go wrong with a document as a row; what can go wrong with its bytes is extraction.errors."""

from apps.kernel.errors import ConflictError, InvalidInputError, LimitReachedError, gettext_noop


class UploadTooLargeError(LimitReachedError):
    """The upload is larger than this organization allows."""

    code = "upload_too_large"
    sentence = gettext_noop("The file is larger than %(limit_mb)s MB. Upload a smaller one.")
    http_status = 413


class NoFileError(InvalidInputError):
    """The request holds no file."""

    code = "no_file"
    sentence = gettext_noop("No file was sent. Choose a .docx, .pdf, .txt or .rtf file.")


class UploadCutOffError(InvalidInputError):
    """The connection broke before the whole file was there."""

    code = "upload_cut_off"
    sentence = gettext_noop(
        "The connection broke before the whole file had come in. Nothing was stored; send it again."
    )


class HeirMayNotReadError(ConflictError):
    """Documents were to go to somebody who may not work on them. Fields: count, name."""

    code = "heir_may_not_read"
    sentence = gettext_noop(
        "%(name)s may not work on %(count)s of these documents, so none was handed over. Team leads and administrators may."
    )


class DocumentHeldError(ConflictError):
    """Somebody who must be asked objects to the deletion."""

    code = "document_held"
    sentence = gettext_noop("This document cannot be deleted now: %(objections)s")


class DocumentChangedError(ConflictError):
    """Somebody else changed it in the meantime."""

    code = "document_changed"
    sentence = gettext_noop("Somebody else has changed this document in the meantime. Look at it again.")
    http_status = 412


class NotDividedYetError(ConflictError):
    """The text is not there yet."""

    code = "text_not_ready"
    sentence = gettext_noop("The text of this document is still being read.")
