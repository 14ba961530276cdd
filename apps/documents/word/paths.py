"""Names for paragraphs: the part's key and the paragraph's number in it. Reader and annotator share them.

"body/17" is the 18th w:p of the main part in document order, counting every w:p there is: in tables, text boxes, fallbacks.
"footnotes/3", "endnotes/0" and "header:word/header1.xml/0" count in those parts. Writing comments adds no w:p, so paths survive it.
"""

from lxml import etree

from apps.documents.word.names import PARAGRAPH_TAGS

BODY = "body"
FOOTNOTES = "footnotes"
ENDNOTES = "endnotes"


def paragraphs_of(root: etree._Element) -> list[etree._Element]:
    """Every paragraph of a part in document order; its index is its number."""
    return list(root.iter(*PARAGRAPH_TAGS))


def path_of(part_key: str, number: int) -> str:
    """The path of a paragraph."""
    return f"{part_key}/{number}"


def split_path(path: str) -> tuple[str, int]:
    """Part key and number of a path; ValueError when it is not one of ours."""
    key, _, number = path.rpartition("/")
    return key, int(number)
