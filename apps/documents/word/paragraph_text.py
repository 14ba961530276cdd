"""The one walk over a paragraph. Reader and annotator both count characters here, so they cannot disagree."""

from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from apps.documents.blocks.cleaning import clean_text
from apps.documents.word.names import MATH_TEXT, NAME_OF, TEXT_BOX_TAGS, attribute, child, chosen_branch

# Line ends and tabs typed into w:t are shown as blanks; one for one, so offsets stay.
_BLANKS = str.maketrans("\t\n\r", "   ")
_CONTAINERS = frozenset(
    {"hyperlink", "smartTag", "customXml", "ins", "moveTo", "dir", "bdo", "fldSimple", "sdtContent", "rubyBase"}
)
_FIXED_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DRAWN = frozenset({"drawing", "pict", "object"})
_SYMBOLS = {
    0xFC: "✓",
    0xFB: "✗",
    0xFE: "☑",
    0xFD: "☒",
    0xA8: "☐",
    0x6F: "☐",
    0xB7: "•",
    0xA7: "▪",
    0xE0: "→",
    0xDF: "←",
}


class Atom(NamedTuple):
    """text[start:end] of the paragraph comes from `element`, inside the run `host` (a formula is its own host)."""

    element: etree._Element
    host: etree._Element
    start: int
    end: int
    is_text: bool
    """A w:t, which can be cut anywhere; the others are one thing."""
    properties: etree._Element | None
    """The run's w:rPr."""


class ParagraphText:
    """A paragraph's cleaned text with the place of each character, and what hangs on the paragraph."""

    # Defaults are the class's, so that the many paragraphs without any of it cost nothing.
    text: str = ""
    atoms: Sequence[Atom] = ()
    properties: etree._Element | None = None
    """The paragraph's w:pPr."""
    text_boxes: Sequence[etree._Element] = ()
    note_references: Sequence[tuple[str, str]] = ()
    """("footnotes" or "endnotes", id) in reading order."""
    deletion_count: int = 0
    removed_count: int = 0
    picture_count: int = 0


def read_paragraph(paragraph: etree._Element) -> ParagraphText:
    """Walk one w:p. Deleted text, field instructions and phonetic guides are not in the text; a line break is a newline."""
    walk = _Walk()
    walk.children(paragraph)
    found, texts = walk.found, walk.texts
    if texts:
        found.text = texts[0] if len(texts) == 1 else "".join(texts)
        found.atoms = walk.atoms
    return found


class _Walk:
    """State of one walk: the characters so far and the open fields."""

    __slots__ = ("atoms", "fields", "found", "length", "properties", "texts")

    def __init__(self) -> None:
        self.found = ParagraphText()
        self.atoms: list[Atom] = []
        self.texts: list[str] = []
        self.length = 0
        self.properties: etree._Element | None = None
        # True while a field's instruction is open; fields nest.
        self.fields: list[bool] | None = None

    def children(self, parent: etree._Element) -> None:
        for element in parent:
            name = NAME_OF.get(element.tag)
            if name == "r":
                self.run(element)
            elif name is None:
                continue
            elif name == "pPr":
                self.found.properties = element
            elif name in _CONTAINERS:
                self.children(element)
            else:
                self.rare(element, name)

    def rare(self, element: etree._Element, name: str) -> None:
        if name == "sdt":
            content = child(element, "sdtContent")
            if content is not None:
                self.children(content)
        elif name in {"del", "moveFrom"}:
            self.found.deletion_count += 1
        elif name == "AlternateContent":
            branch = chosen_branch(element)
            if branch is not None:
                self.children(branch)
        elif name == "oMath":
            self.properties = None
            self.add(element, element, "".join(part.text or "" for part in element.iter(MATH_TEXT)))

    def run(self, run: etree._Element) -> None:
        self.properties = None
        for element in run:
            name = NAME_OF.get(element.tag)
            if name == "t":
                raw = element.text
                if raw and (self.fields is None or not any(self.fields)):
                    self.add(element, run, raw, is_text=True)
            elif name == "rPr":
                self.properties = element
            elif name is None:
                continue
            elif name in _FIXED_TEXT:
                if not self.is_in_instruction():
                    self.add(element, run, _FIXED_TEXT[name])
            else:
                self.rare_in_run(element, run, name)

    def is_in_instruction(self) -> bool:
        return self.fields is not None and any(self.fields)

    def rare_in_run(self, element: etree._Element, run: etree._Element, name: str) -> None:
        if name == "fldChar":
            self.field_mark(attribute(element, "fldCharType"))
        elif name == "sym":
            self.add(element, run, _symbol(element))
        elif name in {"footnoteReference", "endnoteReference"}:
            reference = (name.removesuffix("Reference") + "s", attribute(element, "id") or "")
            self.found.note_references = (*self.found.note_references, reference)
        elif name == "ruby":
            base = _Walk()
            main = child(element, "rubyBase")
            if main is not None:
                base.children(main)
            self.add(element, run, "".join(base.texts))
        elif name == "AlternateContent" or name in _DRAWN:
            self.drawn(element)
        elif name == "delText":
            self.found.deletion_count += 1

    def field_mark(self, kind: str | None) -> None:
        if self.fields is None:
            self.fields = []
        if kind == "begin":
            self.fields.append(True)
        elif self.fields and kind == "separate":
            self.fields[-1] = False
        elif self.fields and kind == "end":
            self.fields.pop()

    def drawn(self, element: etree._Element) -> None:
        boxes: list[etree._Element] = []
        if next(element.iter(*TEXT_BOX_TAGS), None) is not None:
            _find_text_boxes(element, boxes)
        if boxes:
            self.found.text_boxes = (*self.found.text_boxes, *boxes)
        else:
            self.found.picture_count += 1

    def add(self, element: etree._Element, host: etree._Element, raw: str, *, is_text: bool = False) -> None:
        if is_text and not (raw.isascii() and raw.isprintable()):
            cleaned = clean_text(raw.translate(_BLANKS))
            raw = cleaned.text
            if cleaned.removed_count:
                self.found.removed_count += cleaned.removed_count
        if raw:
            end = self.length + len(raw)
            self.atoms.append(Atom(element, host, self.length, end, is_text, self.properties))
            self.texts.append(raw)
            self.length = end


def _find_text_boxes(element: etree._Element, boxes: list[etree._Element]) -> None:
    if element.tag in TEXT_BOX_TAGS:
        boxes.append(element)
        return
    if NAME_OF.get(element.tag) == "AlternateContent":
        branch = chosen_branch(element)
        if branch is not None:
            _find_text_boxes(branch, boxes)
        return
    for inner in element:
        if isinstance(inner.tag, str):
            _find_text_boxes(inner, boxes)


def _symbol(element: etree._Element) -> str:
    try:
        code = int(attribute(element, "char") or "", 16)
    except ValueError:
        return "□"
    if 0xF000 <= code <= 0xF0FF:
        return _SYMBOLS.get(code - 0xF000, "□")
    cleaned = clean_text(chr(code)).text if code < 0xD800 or 0xE000 <= code <= 0x10FFFF else ""
    return cleaned or "□"
