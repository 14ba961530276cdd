"""What the styles of a Word file say, each with all that it inherits."""

import re
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from apps.documents.word.names import PROPERTY_OF, W_STRICT, W, attribute, child, is_on

_HEADING_NAME = re.compile(r"heading ([1-9])$")
_QUOTED = re.compile(r"quote|code|preformatted|plain text|macro text|zitat|citation|cita\b|quelltext", re.IGNORECASE)
_MONOSPACED = re.compile(r"courier|consolas|mono|menlo|lucida console", re.IGNORECASE)
_DEEPEST = 30


class Style(NamedTuple):
    """One paragraph or character style with what its ancestors add; None where nothing is said."""

    name: str = ""
    heading_level: int | None = None
    outline_level: int | None = None
    number_id: str | None = None
    number_level: int | None = None
    is_bold: bool | None = None
    is_caps: bool | None = None
    is_title: bool = False
    is_contents: bool = False
    """A line of a table of contents."""
    is_quoted: bool = False


NO_STYLE = Style()


def read_styles(root: etree._Element) -> tuple[dict[str, Style], str]:
    """Styles by id, and the id of the default paragraph style ("" when there is none)."""
    raw: dict[str, etree._Element] = {}
    default = ""
    for element in root.iter(f"{{{W}}}style", f"{{{W_STRICT}}}style"):
        style_id = attribute(element, "styleId") or ""
        raw[style_id] = element
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in {"1", "true", "on"}:
            default = style_id
    styles: dict[str, Style] = {}
    for style_id in raw:
        _resolve(style_id, raw=raw, styles=styles, depth=0)
    return styles, default


@lru_cache(maxsize=256)
def is_monospaced_font(font: str) -> bool:
    """True for the fonts that people set code and logs in."""
    return bool(_MONOSPACED.search(font))


class ParagraphProperties(NamedTuple):
    """What a w:pPr says itself; None where it is silent."""

    style_id: str | None = None
    number_id: str | None = None
    number_level: int | None = None
    outline_level: int | None = None
    """1-9; None also for Word's level 9, which means body text."""
    says_outline: bool = False


SILENT = ParagraphProperties()


def properties_of(element: etree._Element | None) -> ParagraphProperties:
    """The w:pPr, read in one pass."""
    if element is None or not len(element):
        return SILENT
    style_id: str | None = None
    number_id: str | None = None
    number_level: int | None = None
    outline: etree._Element | None = None
    for one in element:
        name = PROPERTY_OF.get(one.tag)
        if name == "pStyle":
            style_id = attribute(one, "val") or ""
        elif name == "outlineLvl":
            outline = one
        elif name == "numPr":
            id_element = child(one, "numId")
            number_id = attribute(id_element, "val") if id_element is not None else None
            number_level = _number(child(one, "ilvl"))
    level = _number(outline)
    shown = level + 1 if level is not None and 0 <= level <= 8 else None
    return ParagraphProperties(style_id, number_id, number_level, shown, says_outline=outline is not None)


class RunFormat(NamedTuple):
    """What a w:rPr says itself; None where it is silent."""

    is_bold: bool | None = None
    is_caps: bool | None = None
    style_id: str | None = None
    font: str = ""


PLAIN = RunFormat()


def format_of(element: etree._Element | None) -> RunFormat:
    """The w:rPr, read in one pass."""
    if element is None:
        return PLAIN
    bold = caps = style = fonts = None
    for one in element:
        name = PROPERTY_OF.get(one.tag)
        if name == "b":
            bold = one
        elif name == "caps":
            caps = one
        elif name == "rStyle":
            style = one
        elif name == "rFonts":
            fonts = one
    return RunFormat(
        is_on(bold),
        is_on(caps),
        attribute(style, "val") if style is not None else None,
        attribute(fonts, "ascii") or "" if fonts is not None else "",
    )


def _resolve(style_id: str, *, raw: dict[str, etree._Element], styles: dict[str, Style], depth: int) -> Style:
    if style_id in styles:
        return styles[style_id]
    element = raw.get(style_id)
    if element is None or depth > _DEEPEST:
        return NO_STYLE
    based_on = child(element, "basedOn")
    parent = NO_STYLE
    if based_on is not None:
        parent = _resolve(attribute(based_on, "val") or "", raw=raw, styles=styles, depth=depth + 1)
    style = _own(element, style_id, parent)
    styles[style_id] = style
    return style


def _own(element: etree._Element, style_id: str, parent: Style) -> Style:
    name_element = child(element, "name")
    name = (attribute(name_element, "val") or "" if name_element is not None else "") or style_id
    paragraph, run = properties_of(child(element, "pPr")), format_of(child(element, "rPr"))
    # Word writes built-in names in English whatever its language; other programs translate the name and keep the id.
    heading = _HEADING_NAME.match(name.lower()) or re.match(r"heading([1-9])$", style_id.lower())
    return parent._replace(
        name=name,
        heading_level=int(heading.group(1)) if heading else parent.heading_level,
        outline_level=paragraph.outline_level if paragraph.says_outline else parent.outline_level,
        number_id=paragraph.number_id if paragraph.number_id is not None else parent.number_id,
        number_level=paragraph.number_level if paragraph.number_level is not None else parent.number_level,
        is_bold=parent.is_bold if run.is_bold is None else run.is_bold,
        is_caps=parent.is_caps if run.is_caps is None else run.is_caps,
        is_title=parent.is_title or name.lower() == "title" or style_id == "Title",
        is_contents=parent.is_contents or name.lower().startswith("toc ") or name.lower() == "toc heading",
        is_quoted=parent.is_quoted or bool(_QUOTED.search(name)),
    )


def _number(element: etree._Element | None) -> int | None:
    value = attribute(element, "val") if element is not None else None
    try:
        return int(value) if value is not None else None
    except ValueError:
        return None
