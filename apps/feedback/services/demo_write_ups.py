"""Read the demo's write-ups: YAML that becomes a Word file with a plan of decisions, or a file that is taken as it is."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

import yaml

from apps.analysis.rules.port import ItemType, Risk
from apps.documents.word import builder
from apps.documents.word.builder import Bullets, Content, Heading, HeadingStyle, Numbered, Paragraph, Table, Title
from apps.feedback.choices import Verdict

_AS_THEY_ARE = (".txt", ".rtf", ".pdf")
_ORDER = re.compile(r"^\d+-")
_POINTS = range(1, 21)
_ANALYST = "analyst@demo.example"

E = TypeVar("E", bound=str)


class WriteUpError(ValueError):
    """A write-up is not what it should be; the message names the file, the place and what is wrong there."""


@dataclass(frozen=True, slots=True)
class PlannedDecision:
    """What somebody decides on the first item of a point, with `quote` on the first about these words."""

    by: str
    point: int
    quote: str
    verdict: Verdict
    suggestion: str
    note: str


@dataclass(frozen=True, slots=True)
class PlannedRemark:
    """What somebody writes on exact words."""

    by: str
    quote: str
    description: str
    suggestion: str
    point: int
    type: ItemType
    risk: Risk


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """A review that is done while the demo is made.

    With `finished_by` strengths that nobody decided on are accepted, other such items rejected, and the file is exported.
    """

    decisions: tuple[PlannedDecision, ...]
    remarks: tuple[PlannedRemark, ...]
    finished_by: str


@dataclass(frozen=True, slots=True)
class WriteUp:
    """One file of the demo; `review` None leaves it to the worker."""

    file_name: str
    content: bytes
    uploaded_by: str
    review: PlannedReview | None


def read_write_ups(folder: Path) -> list[WriteUp]:
    """Every write-up of the folder in the order of its file names; WriteUpError for the first that is wrong."""
    return [_read(path) for path in sorted(folder.iterdir()) if path.suffix in {".yaml", *_AS_THEY_ARE}]


def _read(path: Path) -> WriteUp:
    if path.suffix in _AS_THEY_ARE:
        return WriteUp(_ORDER.sub("", path.name), path.read_bytes(), _ANALYST, None)
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = f"{path.name} cannot be read: {error}"
        raise WriteUpError(message) from error
    part = _Part(raw, place=path.name)
    contents = [_content(block) for block in part.parts("blocks")]
    flat = [one for several in contents for one in several]
    if not flat:
        part.refuse("has no blocks")
    file_name = part.text("file_name")
    if not file_name.endswith(".docx"):
        part.refuse("needs a file_name that ends in .docx")
    plan = part.value("review")
    review = _review(_Part(plan, place=f"{path.name}, review,"), flat) if plan is not None else None
    write_up = WriteUp(file_name, builder.build(flat), part.text("uploaded_by", _ANALYST), review)
    part.done()
    return write_up


def _content(block: "_Part") -> list[Content]:
    """The contents that one block stands for."""
    kinds = [kind for kind in _BLOCKS if block.has(kind)]
    if len(kinds) != 1:
        block.refuse(f"needs exactly one of {', '.join(_BLOCKS)}")
    contents = _BLOCKS[kinds[0]](block, kinds[0])
    block.done()
    return contents


def _title(block: "_Part", key: str) -> list[Content]:
    return [Title(block.text(key))]


def _heading(block: "_Part", key: str) -> list[Content]:
    level = block.value("level")
    if level is not None and (not isinstance(level, int) or not 1 <= level <= 6):
        block.refuse("needs a level from 1 to 6")
    return [Heading(block.text(key), level or 1, block.one_of("style", HeadingStyle, HeadingStyle.STYLE))]


def _paragraph(block: "_Part", key: str) -> list[Content]:
    return [Paragraph(block.text(key), footnote=block.text("footnote", ""))]


def _mail(block: "_Part", key: str) -> list[Content]:
    return [Paragraph(line.strip()) for line in block.text(key).splitlines() if line.strip()]


def _log(block: "_Part", key: str) -> list[Content]:
    return [Paragraph(line.rstrip(), is_preformatted=True) for line in block.text(key).splitlines() if line.strip()]


def _bullets(block: "_Part", key: str) -> list[Content]:
    return [Bullets(_items(block, key))]


def _numbered(block: "_Part", key: str) -> list[Content]:
    return [Numbered(_items(block, key))]


def _table(block: "_Part", key: str) -> list[Content]:
    rows = block.value(key)
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        block.refuse("needs rows of cells")
    if len({len(row) for row in rows}) != 1:
        block.refuse("has rows of unequal length")
    return [Table(tuple(tuple(str(cell) for cell in row) for row in rows))]


def _items(block: "_Part", key: str) -> tuple[str, ...]:
    items = block.value(key)
    if not isinstance(items, list) or not items or not all(isinstance(item, str) and item.strip() for item in items):
        block.refuse("needs a list of texts")
    return tuple(item.strip() for item in items)


_BLOCKS: dict[str, Callable[["_Part", str], list[Content]]] = {
    "title": _title,
    "heading": _heading,
    "paragraph": _paragraph,
    "mail": _mail,
    "log": _log,
    "bullets": _bullets,
    "numbered": _numbered,
    "table": _table,
}


def _review(part: "_Part", contents: list[Content]) -> PlannedReview:
    paragraphs = [one.text for one in contents if isinstance(one, Paragraph)]
    review = PlannedReview(
        decisions=tuple(_decision(one) for one in part.parts("decisions")),
        remarks=tuple(_remark(one, paragraphs) for one in part.parts("remarks")),
        finished_by=part.text("finished_by", ""),
    )
    part.done()
    return review


def _decision(part: "_Part") -> PlannedDecision:
    verdict = part.one_of("verdict", Verdict, "")
    decision = PlannedDecision(
        by=part.text("by"),
        point=part.point(),
        quote=part.text("quote", ""),
        verdict=verdict,
        suggestion=part.text("suggestion") if verdict is Verdict.REWORDED else "",
        note=part.text("note", ""),
    )
    part.done()
    return decision


def _remark(part: "_Part", paragraphs: list[str]) -> PlannedRemark:
    remark = PlannedRemark(
        by=part.text("by"),
        quote=part.text("quote"),
        description=part.text("description"),
        suggestion=part.text("suggestion", ""),
        point=part.point(),
        type=part.one_of("type", ItemType, ItemType.SUGGESTION),
        risk=part.one_of("risk", Risk, Risk.LOW),
    )
    if sum(text.count(remark.quote) for text in paragraphs) != 1:
        part.refuse("needs a quote that stands in exactly one place")
    part.done()
    return remark


class _Part:
    """A mapping of the file, read key by key; `done` refuses what nobody asked for."""

    def __init__(self, raw: object, *, place: str) -> None:
        self.place = place
        if not isinstance(raw, Mapping) or not all(isinstance(key, str) for key in raw):
            self.refuse("is not a mapping")
        self._raw: Mapping[str, object] = raw
        self._asked: set[str] = set()

    def refuse(self, what: str) -> NoReturn:
        """WriteUpError for this place."""
        message = f"{self.place} {what}"
        raise WriteUpError(message)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._raw

    def value(self, key: str) -> object:
        """The raw value, None when it is absent."""
        self._asked.add(key)
        return self._raw.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty, or the default for an absent one."""
        value = self.value(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"needs a text {key!r}")
        return value.strip()

    def point(self) -> int:
        """The number of a point of the framework."""
        value = self.value("point")
        if not isinstance(value, int) or value not in _POINTS:
            self.refuse("needs a point from 1 to 20")
        return value

    def one_of(self, key: str, kinds: type[E], default: str) -> E:
        """A member of an enumeration, given by its value."""
        try:
            return kinds(self.text(key, default))
        except ValueError:
            self.refuse(f"has an unknown {key}")

    def parts(self, key: str) -> Iterator["_Part"]:
        """The mappings of a list; none when it is absent."""
        value = self.value(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.refuse(f"needs a list {key!r}")
        for number, raw in enumerate(value, start=1):
            yield _Part(raw, place=f"{self.place}, {key} {number},")

    def done(self) -> None:
        """WriteUpError when there are keys that nobody asked for."""
        if unknown := sorted(set(self._raw) - self._asked):
            self.refuse(f"has unknown keys: {', '.join(unknown)}")
