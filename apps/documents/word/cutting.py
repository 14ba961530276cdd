"""Cuts runs of a paragraph so that a run begins and ends exactly at given characters."""

from collections.abc import Iterable, Sequence
from copy import deepcopy

from lxml import etree

from apps.documents.blocks.cleaning import raw_offset
from apps.documents.word.names import NAME_OF, XML_SPACE
from apps.documents.word.paragraph_text import Atom, read_paragraph


def cut_paragraph(paragraph: etree._Element, offsets: Iterable[int]) -> Sequence[Atom]:
    """The paragraph's atoms after cutting at the offsets; its text, formatting and everything else stay the same."""
    atoms = read_paragraph(paragraph).atoms
    # From the end, so that what is before keeps its place.
    for offset in sorted(set(offsets), reverse=True):
        _cut(atoms, offset)
    return read_paragraph(paragraph).atoms


def _cut(atoms: Sequence[Atom], offset: int) -> None:
    for index, atom in enumerate(atoms):
        if atom.start < offset < atom.end:
            if atom.is_text:
                _cut_run(atom.host, before=_cut_text(atom, offset))
            return
        if atom.start == offset and index and atoms[index - 1].host is atom.host and atom.element is not atom.host:
            _cut_run(atom.host, before=atom.element)
            return


def _cut_text(atom: Atom, offset: int) -> etree._Element:
    """Move the text from `offset` on to a new element after the old one, and return the new one."""
    element = atom.element
    raw = element.text or ""
    at = raw_offset(raw, offset - atom.start)
    second = deepcopy(element)
    second.tail = None
    second.text, element.text = raw[at:], raw[:at]
    for part in (element, second):
        if part.text != (part.text or "").strip():
            part.set(XML_SPACE, "preserve")
    element.addnext(second)
    return second


def _cut_run(run: etree._Element, *, before: etree._Element) -> None:
    """Move `before` and what follows it to a new run after `run`, with the same properties."""
    second = run.makeelement(run.tag)
    for name, value in run.attrib.items():
        second.set(name, value)
    properties = next((element for element in run if NAME_OF.get(element.tag) == "rPr"), None)
    moved = [before, *before.itersiblings()]
    if properties is not None:
        second.append(deepcopy(properties))
    for element in moved:
        second.append(element)
    tail, run.tail = run.tail, None
    run.addnext(second)
    second.tail = tail
