"""The one walk over a paragraph. Reader and annotator both count characters here, so they cannot disagree."""

from collections.abc import Sequence
from functools import partial
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


class ParagraphText(NamedTuple):
    """A paragraph's cleaned text with the place of each character, and what hangs on the paragraph."""

    text: str
    atoms: Sequence[Atom]
    properties: etree._Element | None
    """The paragraph's w:pPr."""
    is_plain: bool
    """Runs of words and nothing else: all below is empty."""
    text_boxes: Sequence[etree._Element] = ()
    note_references: Sequence[tuple[str, str]] = ()
    """("footnotes" or "endnotes", id) in reading order."""
    deletion_count: int = 0
    removed_count: int = 0
    picture_count: int = 0


# Both are made for each paragraph: without the call of a constructor in Python.
_new_atom, _new_text = partial(tuple.__new__, Atom), partial(tuple.__new__, ParagraphText)
_name_of = NAME_OF.get


def read_paragraph(paragraph: etree._Element) -> ParagraphText:  # noqa: C901 - a call a run is what it saves
    """Walk one w:p. Deleted text, field instructions and phonetic guides are not in the text; a line break is a newline."""
    properties = None
    atoms: list[Atom] = []
    texts: list[str] = []
    length = 0
    # Most paragraphs are runs of clean words: those are read here. At anything else the paragraph is walked anew, the long way.
    for element in paragraph:
        name = _name_of(element.tag)
        if name == "r":
            run_properties = None
            for inner in element:
                name = _name_of(inner.tag)
                if name == "t":
                    raw = inner.text
                    if not raw:
                        continue
                    if not _is_clean(raw):
                        return _walked(paragraph)
                    start, length = length, length + len(raw)
                    atoms.append(_new_atom((inner, element, start, length, True, run_properties)))
                    texts.append(raw)
                elif name == "rPr":
                    run_properties = inner
                elif name is not None:
                    return _walked(paragraph)
        elif name == "pPr":
            properties = element
        elif name is not None:
            return _walked(paragraph)
    text = texts[0] if len(texts) == 1 else "".join(texts)
    return _new_text((text, atoms, properties, True, (), (), 0, 0, 0))


def _is_clean(raw: str) -> bool:
    # Of the control characters of ASCII, XML lets only these through; elsewhere what need not go is at least printable.
    if raw.isascii():
        return not ("\n" in raw or "\t" in raw or "\r" in raw or "\x7f" in raw)
    return raw.isprintable()


def _walked(paragraph: etree._Element) -> ParagraphText:
    walk = _Walk()
    walk.children(paragraph)
    return ParagraphText(
        text="".join(walk.texts),
        atoms=walk.atoms,
        properties=walk.properties,
        is_plain=False,
        text_boxes=tuple(walk.text_boxes),
        note_references=tuple(walk.note_references),
        deletion_count=walk.deletion_count,
        removed_count=walk.removed_count,
        picture_count=walk.picture_count,
    )


class _Walk:
    """State of one walk: the characters so far, the open fields, and what hangs on the paragraph."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self.texts: list[str] = []
        self.length = 0
        self.properties: etree._Element | None = None
        self.run_properties: etree._Element | None = None
        # True while a field's instruction is open; fields nest.
        self.fields: list[bool] = []
        self.text_boxes: list[etree._Element] = []
        self.note_references: list[tuple[str, str]] = []
        self.deletion_count = self.removed_count = self.picture_count = 0

    def children(self, parent: etree._Element) -> None:
        for element in parent:
            name = NAME_OF.get(element.tag)
            if name == "r":
                self.run(element)
            elif name is None:
                continue
            elif name == "pPr":
                self.properties = element
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
            self.deletion_count += 1
        elif name == "AlternateContent":
            branch = chosen_branch(element)
            if branch is not None:
                self.children(branch)
        elif name == "oMath":
            self.run_properties = None
            self.add(element, element, "".join(part.text or "" for part in element.iter(MATH_TEXT)))

    def run(self, run: etree._Element) -> None:
        self.run_properties = None
        for element in run:
            name = NAME_OF.get(element.tag)
            if name == "t":
                if element.text and not any(self.fields):
                    self.words(element, run, element.text)
            elif name == "rPr":
                self.run_properties = element
            elif name is None:
                continue
            elif name in _FIXED_TEXT:
                if not any(self.fields):
                    self.add(element, run, _FIXED_TEXT[name])
            else:
                self.rare_in_run(element, run, name)

    def rare_in_run(self, element: etree._Element, run: etree._Element, name: str) -> None:
        if name == "fldChar":
            self.field_mark(attribute(element, "fldCharType"))
        elif name == "sym":
            self.add(element, run, _symbol(element))
        elif name in {"footnoteReference", "endnoteReference"}:
            reference = (name.removesuffix("Reference") + "s", attribute(element, "id") or "")
            self.note_references.append(reference)
        elif name == "ruby":
            base = _Walk()
            main = child(element, "rubyBase")
            if main is not None:
                base.children(main)
            self.add(element, run, "".join(base.texts))
        elif name == "AlternateContent" or name in _DRAWN:
            self.drawn(element)
        elif name == "delText":
            self.deletion_count += 1

    def field_mark(self, kind: str | None) -> None:
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
            self.text_boxes.extend(boxes)
        else:
            self.picture_count += 1

    def words(self, element: etree._Element, run: etree._Element, raw: str) -> None:
        if not _is_clean(raw):
            cleaned = clean_text(raw.translate(_BLANKS))
            self.removed_count += cleaned.removed_count
            raw = cleaned.text
        self.add(element, run, raw, is_text=True)

    def add(self, element: etree._Element, host: etree._Element, text: str, *, is_text: bool = False) -> None:
        if text:
            end = self.length + len(text)
            self.atoms.append(Atom(element, host, self.length, end, is_text, self.run_properties))
            self.texts.append(text)
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
