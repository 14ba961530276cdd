"""What the runs of a part and its paragraphs say of themselves, for those that say anything that the reader asks about.

libxml2 looks for the few properties that count, in one pass: asking each run costs more than reading its words. Keeping the
elements keeps lxml's proxies, so that identity is a valid key.
"""

from lxml import etree

from apps.documents.word.names import FONT_TAGS, PARAGRAPH_PROPERTY_TAGS, RUN_PROPERTY_TAGS, W_STRICT, W
from apps.documents.word.styles import ParagraphProperties, RunFormat, format_of, is_monospaced_font, properties_of

_ASCII, _ASCII_STRICT = f"{{{W}}}ascii", f"{{{W_STRICT}}}ascii"


def paragraph_properties(root: etree._Element) -> dict[etree._Element | None, ParagraphProperties]:
    """By w:pPr; a paragraph that is not in here is silent."""
    found: dict[etree._Element | None, ParagraphProperties] = {}
    for element in root.iter(*PARAGRAPH_PROPERTY_TAGS):
        parent = element.getparent()
        if parent not in found:
            found[parent] = properties_of(parent)
    return found


def run_formats(root: etree._Element) -> dict[etree._Element | None, RunFormat]:
    """By w:rPr; a run that is not in here is plain, but for its font. Word names that in every run: only fonts for code count."""
    found: dict[etree._Element | None, RunFormat] = {}
    for element in root.iter(*RUN_PROPERTY_TAGS):
        parent = element.getparent()
        if parent not in found:
            found[parent] = format_of(parent)
    for element in root.iter(*FONT_TAGS):
        if is_monospaced_font(element.get(_ASCII) or element.get(_ASCII_STRICT) or ""):
            parent = element.getparent()
            found[parent] = format_of(parent)
    return found
