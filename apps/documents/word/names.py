"""Names of WordprocessingML, in its transitional and its strict form."""

from functools import cache

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_LOCAL = [
    "p",
    "r",
    "t",
    "tab",
    "br",
    "cr",
    "noBreakHyphen",
    "softHyphen",
    "sym",
    "ptab",
    "instrText",
    "delText",
    "fldChar",
    "fldSimple",
    "hyperlink",
    "smartTag",
    "customXml",
    "sdt",
    "sdtContent",
    "ins",
    "del",
    "moveTo",
    "moveFrom",
    "dir",
    "bdo",
    "ruby",
    "rubyBase",
    "tbl",
    "tr",
    "tc",
    "trPr",
    "tcPr",
    "vMerge",
    "txbxContent",
    "footnoteReference",
    "endnoteReference",
    "drawing",
    "pict",
    "object",
    "pPr",
    "rPr",
    "body",
    "sectPr",
    "altChunk",
    "footnote",
    "endnote",
]

NAME_OF: dict[str, str] = {f"{{{space}}}{local}": local for space in (W, W_STRICT) for local in _LOCAL}
"""Short name by full tag; elements that are not in here carry no text."""
NAME_OF[f"{{{MC}}}AlternateContent"] = "AlternateContent"
NAME_OF[f"{{{M}}}oMath"] = "oMath"
NAME_OF[f"{{{M}}}oMathPara"] = "oMath"

_OF_PARAGRAPHS = ("pStyle", "numPr", "outlineLvl")
_OF_RUNS = ("rStyle", "b", "caps")
PROPERTY_OF: dict[str, str] = {
    f"{{{space}}}{local}": local for space in (W, W_STRICT) for local in (*_OF_PARAGRAPHS, *_OF_RUNS, "rFonts")
}
"""Short name by full tag of the properties of paragraphs and runs that the reader looks at."""

PARAGRAPH_PROPERTY_TAGS = tuple(tag for tag, local in PROPERTY_OF.items() if local in _OF_PARAGRAPHS)
RUN_PROPERTY_TAGS = tuple(tag for tag, local in PROPERTY_OF.items() if local in _OF_RUNS)
FONT_TAGS = tuple(tag for tag, local in PROPERTY_OF.items() if local == "rFonts")
PARAGRAPH_TAGS = (f"{{{W}}}p", f"{{{W_STRICT}}}p")
TEXT_BOX_TAGS = (f"{{{W}}}txbxContent", f"{{{W_STRICT}}}txbxContent")
VANISH_TAGS = (f"{{{W}}}vanish", f"{{{W_STRICT}}}vanish")
CHOICE = f"{{{MC}}}Choice"
FALLBACK = f"{{{MC}}}Fallback"
MATH_TEXT = f"{{{M}}}t"


def attribute(element: etree._Element, name: str) -> str | None:
    """A w: attribute of the element, whichever form the file is in."""
    transitional, strict = _both_forms(name)
    value = element.get(transitional)
    return value if value is not None else element.get(strict)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first w: child of that name."""
    return None if element is None else next(element.iterchildren(*_both_forms(name)), None)


def is_on(element: etree._Element | None) -> bool | None:
    """What a switch such as w:b says: True, False, or None when it is not there."""
    if element is None:
        return None
    return attribute(element, "val") not in {"0", "false", "off", "none"}


def chosen_branch(alternatives: etree._Element) -> etree._Element | None:
    """The branch of mc:AlternateContent that we read: the first choice, else the fallback; never both."""
    choice = alternatives.find(CHOICE)
    return choice if choice is not None else alternatives.find(FALLBACK)


@cache
def _both_forms(name: str) -> tuple[str, str]:
    return f"{{{W}}}{name}", f"{{{W_STRICT}}}{name}"
