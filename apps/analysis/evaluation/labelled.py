"""Read labelled write-ups: one JSON file a document, as docs/reference/evaluation.md describes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.analysis.rules.port import SectionText, Status
from apps.kernel.errors import InvalidInputError, gettext_noop

DISPUTED = "disputed"
_STATUSES = frozenset({Status.GAP.value, Status.SATISFIED.value, Status.NOT_APPLICABLE.value, DISPUTED})
_KINDS = frozenset({"narrative", "email", "log", "appendix"})
_LINE_KINDS = {"paragraph": "paragraph", "bullets": "list_item", "numbered": "list_item", "table": "table_row"}


class LabelledFileError(InvalidInputError):
    """A file of labels is not what it should be."""

    code = "labelled_file"
    sentence = gettext_noop("%(name)s %(fault)s.")


@dataclass(frozen=True, slots=True)
class Label:
    """What a reviewer says of one point; the section is None where nothing applies."""

    status: str
    section: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class LabelledDefect:
    """A fault that a reviewer marked."""

    kind: str
    section: int
    quote: str


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A write-up with what a careful reviewer says of it."""

    id: str
    sections: tuple[SectionText, ...]
    labels: Mapping[int, Label]
    defects: tuple[LabelledDefect, ...]


def read_folder(folder: Path) -> list[LabelledDocument]:
    """Every *.json of a folder by name. Raises LabelledFileError at the first that cannot be read, or when there is none."""
    try:
        paths = sorted(folder.glob("*.json"))
    except OSError as error:
        raise LabelledFileError(name=folder.name, fault=str(error)) from error
    if not paths:
        raise LabelledFileError(name=str(folder), fault="holds no JSON files")
    return [read_file(path) for path in paths]


def read_file(path: Path) -> LabelledDocument:
    """One document. Raises LabelledFileError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _document(content)
    except LabelledFileError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise LabelledFileError(name=path.name, fault=f"cannot be read ({error})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelledFileError(
            name=path.name, fault=f"is not a labelled write-up ({type(error).__name__}: {error})"
        ) from error


def _document(content: Mapping[str, Any]) -> LabelledDocument:
    sections = tuple(_section(index, raw) for index, raw in enumerate(content["sections"]))
    return LabelledDocument(
        id=str(content["id"]),
        sections=sections,
        labels={int(point): _label(raw, len(sections)) for point, raw in content["labels"].items()},
        defects=tuple(
            LabelledDefect(str(one["kind"]), int(one["section"]), str(one["quote"]))
            for one in content.get("defects", [])
        ),
    )


def _section(index: int, raw: Mapping[str, Any]) -> SectionText:
    """Blocks joined by newlines, items and rows one a line, cells joined by " | ", as a stored section is."""
    kind = raw.get("kind", "narrative")
    if kind not in _KINDS:
        message = f"section {index} is of the kind {kind!r}"
        raise ValueError(message)
    lines: list[str] = []
    kinds: list[str] = []
    for block in raw["blocks"]:
        own = _lines(block)
        lines += own
        kinds += [_LINE_KINDS[block["type"]]] * len(own)
    return SectionText(index, str(raw.get("heading", "")), kind, "\n".join(lines), tuple(kinds))


def _lines(block: Mapping[str, Any]) -> Sequence[str]:
    if block["type"] == "paragraph":
        return str(block["text"]).split("\n")
    if block["type"] == "table":
        return [" | ".join(row) for row in block["rows"]]
    return [line for item in block["items"] for line in str(item).split("\n")]


def _label(raw: Mapping[str, Any], section_count: int) -> Label:
    status, section = str(raw["status"]), raw.get("section")
    if status not in _STATUSES:
        message = f"the status {status!r} is not known"
        raise ValueError(message)
    if section is not None and not 0 <= int(section) < section_count:
        message = f"section {section} does not exist"
        raise ValueError(message)
    return Label(status, None if section is None else int(section), str(raw.get("quote", "")))
