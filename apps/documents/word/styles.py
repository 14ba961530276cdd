"""What the styles of a Word file say, each with all that it inherits."""

import re
from dataclasses import dataclass, replace

from lxml import etree

from apps.documents.word.names import W_STRICT, W, attribute, child, is_on

_HEADING_NAME = re.compile(r"heading ([1-9])$")
_QUOTED = re.compile(r"quote|code|preformatted|plain text|macro text|zitat|citation|cita\b|quelltext", re.IGNORECASE)
_MONOSPACED = re.compile(r"courier|consolas|mono|menlo|lucida console", re.IGNORECASE)
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Style:
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


def is_monospaced(font: str) -> bool:
    """True for the fonts that people set code and logs in."""
    return bool(_MONOSPACED.search(font))


def outline_level_of(properties: etree._Element | None) -> int | None:
    """1-9 from w:outlineLvl; Word's level 9 means body text and gives None."""
    value = _number(child(properties, "outlineLvl"))
    return value + 1 if value is not None and 0 <= value <= 8 else None


def numbering_of(properties: etree._Element | None) -> tuple[str | None, int | None]:
    """List id and 0-based level that paragraph properties set, None where they are silent."""
    numbering = child(properties, "numPr")
    if numbering is None:
        return None, None
    id_element = child(numbering, "numId")
    number_id = attribute(id_element, "val") if id_element is not None else None
    return number_id, _number(child(numbering, "ilvl"))


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
    paragraph, run = child(element, "pPr"), child(element, "rPr")
    number_id, number_level = numbering_of(paragraph)
    # Word writes built-in names in English whatever its language; other programs translate the name and keep the id.
    heading = _HEADING_NAME.match(name.lower()) or re.match(r"heading([1-9])$", style_id.lower())
    level_element = child(paragraph, "outlineLvl")
    outline = parent.outline_level if level_element is None else outline_level_of(paragraph)
    bold, caps = is_on(child(run, "b")), is_on(child(run, "caps"))
    return replace(
        parent,
        name=name,
        heading_level=int(heading.group(1)) if heading else parent.heading_level,
        outline_level=outline,
        number_id=number_id if number_id is not None else parent.number_id,
        number_level=number_level if number_level is not None else parent.number_level,
        is_bold=parent.is_bold if bold is None else bold,
        is_caps=parent.is_caps if caps is None else caps,
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
