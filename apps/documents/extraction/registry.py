"""Which reader reads which kind. Readers are imported when asked for, so that the child starts fast."""

import codecs

from apps.documents.blocks.port import Extractor, FileKind

# Names in a zip archive, text of a PDF: what the readers decode beside UTF-8.
_OF_ARCHIVES = ("cp437",)
_OF_PDF = ("utf_16_le",)


def extractor_for(kind: FileKind) -> Extractor:
    """The reader of this kind, with all that it loads."""
    if kind is FileKind.DOCX:
        from apps.documents.word.reader import read_word

        return _loaded(read_word, _OF_ARCHIVES)
    if kind is FileKind.PDF:
        from apps.documents.extraction.pdf_files import read_pdf

        return _loaded(read_pdf, _OF_PDF)
    from apps.documents.extraction.plain_text import ENCODINGS, read_plain_text

    if kind is FileKind.RTF:
        from apps.documents.extraction.rich_text import read_rich_text

        return _loaded(read_rich_text, ENCODINGS)
    return _loaded(read_plain_text, ENCODINGS)


def _loaded(reader: Extractor, encodings: tuple[str, ...]) -> Extractor:
    for name in encodings:
        codecs.lookup(name)
    return reader
