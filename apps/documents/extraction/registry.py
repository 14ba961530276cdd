"""Which reader reads which kind. Readers are imported when asked for, so that the child starts fast."""

from apps.documents.blocks.port import Extractor, FileKind


def extractor_for(kind: FileKind) -> Extractor:
    """The reader of this kind."""
    if kind is FileKind.DOCX:
        from apps.documents.word.reader import read_word

        return read_word
    if kind is FileKind.PDF:
        from apps.documents.extraction.pdf_files import read_pdf

        return read_pdf
    if kind is FileKind.RTF:
        from apps.documents.extraction.rich_text import read_rich_text

        return read_rich_text
    from apps.documents.extraction.plain_text import read_plain_text

    return read_plain_text
