"""What can go wrong with the bytes of a file; each error says what to send instead."""

from apps.kernel.errors import InvalidInputError, gettext_noop


class ExtractionError(InvalidInputError):
    """The text of this file cannot be read."""

    code = "extraction_failed"
    sentence = gettext_noop("The text of this file cannot be read.")


class UnsupportedFileError(ExtractionError):
    """The content is of a kind that the product does not read."""

    code = "unsupported_file"
    sentence = gettext_noop("This kind of file is not supported. Upload a .docx, .pdf, .txt or .rtf file.")


class NotAWordFileError(ExtractionError):
    """The name promises a Word file, the content is something else."""

    code = "not_a_word_file"
    sentence = gettext_noop(
        "This is not a Word .docx file. Open it in Word and save it as .docx, then upload it again."
    )


class EncryptedFileError(ExtractionError):
    """The file is protected by a password."""

    code = "encrypted_file"
    sentence = gettext_noop("This file is protected by a password. Remove the password and upload it again.")


class MacroFileError(ExtractionError):
    """The file carries macros."""

    code = "macro_file"
    sentence = gettext_noop("This file holds macros. Save it as a .docx without macros and upload it again.")


class ArchiveLimitsError(ExtractionError):
    """The archive inside the file is larger or stranger than a document needs."""

    code = "archive_limits"
    sentence = gettext_noop(
        "This file unpacks to more than is allowed. Make it smaller, for example without its images."
    )


class UnsafeArchiveError(ExtractionError):
    """The archive inside the file has entries that no program for documents writes."""

    code = "archive_unsafe"
    sentence = gettext_noop(
        "This file is packed in a way that is not safe to open. Open it with Word, save it as a new .docx and upload that."
    )


class XmlForbiddenError(ExtractionError):
    """An XML part declares a document type or entities."""

    code = "xml_forbidden"
    sentence = gettext_noop(
        "This file holds XML declarations that are not allowed. Save it again with Word and upload it."
    )


class DamagedFileError(ExtractionError):
    """The file is cut off or broken."""

    code = "damaged_file"
    sentence = gettext_noop("This file is damaged or incomplete. Open and save it again, then upload it.")


class EmptyFileError(ExtractionError):
    """The file has no bytes."""

    code = "empty_file"
    sentence = gettext_noop("This file is empty.")


class NoTextError(ExtractionError):
    """The file opens, but there is not one word in it."""

    code = "no_text"
    sentence = gettext_noop("No text was found in this file. A scanned document needs text recognition (OCR) first.")


class TooManyBlocksError(ExtractionError):
    """The file has more paragraphs, pages or words than a write-up has."""

    code = "too_many_blocks"
    sentence = gettext_noop(
        "This file has too many pages, paragraphs or words to be reviewed. Split it and upload the parts."
    )


class ParseTimeLimitError(ExtractionError):
    """Reading took too long and was stopped."""

    code = "parse_time_limit"
    sentence = gettext_noop("Reading this file took too long and was stopped. Upload a simpler or smaller file.")
    may_pass = True


class ParseMemoryLimitError(ExtractionError):
    """Reading needed too much memory and was stopped."""

    code = "parse_memory_limit"
    sentence = gettext_noop("Reading this file needs too much memory. Upload a simpler or smaller file.")


class ParserCrashedError(ExtractionError):
    """The reader died on this file."""

    code = "parser_crashed"
    sentence = gettext_noop("This file could not be read. Open and save it again, then upload it.")
    may_pass = True


class FileTooLargeError(ExtractionError):
    """The file has more bytes than the readers accept."""

    code = "file_too_large"
    sentence = gettext_noop("This file is too large to be read. Upload a smaller one.")


ERRORS_BY_CODE: dict[str, type[ExtractionError]] = {
    error.code: error
    for error in (
        ExtractionError,
        UnsupportedFileError,
        NotAWordFileError,
        EncryptedFileError,
        MacroFileError,
        ArchiveLimitsError,
        UnsafeArchiveError,
        XmlForbiddenError,
        DamagedFileError,
        EmptyFileError,
        NoTextError,
        TooManyBlocksError,
        ParseTimeLimitError,
        ParseMemoryLimitError,
        ParserCrashedError,
        FileTooLargeError,
    )
}
"""The errors that may come back from the sandboxed child, by code."""
