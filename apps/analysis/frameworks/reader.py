"""Reads a framework's source (YAML) and says every fault of a bad one at once."""

from functools import lru_cache
from pathlib import Path

import yaml

from apps.analysis.rules.framework import DefectText, FrameworkText, PointText
from apps.analysis.rules.port import DefectKind, Risk
from apps.kernel.errors import InvalidInputError, gettext_noop

__all__ = ["FrameworkFileError", "FrameworkText", "hawkeye", "hawkeye_source", "read_framework"]

_LONGEST_SOURCE = 512 * 1024
_MOST_POINTS = 100
_HAWKEYE = Path(__file__).parent / "data" / "hawkeye.v1.yaml"
_TOP = {"slug", "title", "version", "summary", "risk_raised_by", "points", "defects"}
_POINT = {
    "number",
    "title",
    "question",
    "applies_when",
    "gap_when",
    "satisfied_when",
    "default_risk",
    "advice",
    "sections",
}
_POINT_MAY_HAVE = {"rule", "example", "questions", "strength"}
_DEFECT = {"kind", "title", "point", "explanation"}
_DEFECT_MAY_HAVE = {"risk", "advice", "questions"}
_MOST_QUESTIONS = 8
_LONGEST_WORDS = 1000

Mapping = dict[str, object]


class FrameworkFileError(InvalidInputError):
    """The source is no framework; `faults` names every place."""

    code = "framework_file_invalid"
    sentence = gettext_noop("This is not a valid framework: %(faults)s")


class _PlainLoader(yaml.SafeLoader):
    """Safe YAML without aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            message = "aliases are not allowed"
            raise yaml.YAMLError(message)
        return super().compose_node(parent, index)


@lru_cache(maxsize=16)
def read_framework(source: str) -> FrameworkText:
    """The framework; FrameworkFileError with every fault of the source."""
    if len(source) > _LONGEST_SOURCE:
        raise FrameworkFileError(faults=f"longer than {_LONGEST_SOURCE // 1024} KiB")
    try:
        content = yaml.load(source, Loader=_PlainLoader)  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f" (line {place.line + 1})" if place else ""
        raise FrameworkFileError(faults=f"not readable as YAML{where}") from error
    faults: list[str] = []
    framework = _framework(content, faults)
    if framework is None or faults:
        raise FrameworkFileError(faults="; ".join(faults))
    return framework


def hawkeye_source() -> str:
    """The source of the framework that the product ships."""
    return _HAWKEYE.read_text(encoding="utf-8")


def hawkeye() -> FrameworkText:
    """The framework that the product ships."""
    return read_framework(hawkeye_source())


def _framework(content: object, faults: list[str]) -> FrameworkText | None:
    if not isinstance(content, dict):
        faults.append("the source must be a mapping")
        return None
    _check_keys(content, _TOP, "framework", faults)
    points = [_point(raw, place, faults) for place, raw in enumerate(_rows(content, "points", faults), start=1)]
    numbers = [point.number for point in points if point]
    faults += [f"point {number} is there twice" for number in sorted({n for n in numbers if numbers.count(n) > 1})]
    if not points or len(points) > _MOST_POINTS:
        faults.append(f"a framework has 1 to {_MOST_POINTS} points")
    defects = [
        _defect(raw, place, set(numbers), faults)
        for place, raw in enumerate(_rows(content, "defects", faults), start=1)
    ]
    raised_by = content.get("risk_raised_by")
    return FrameworkText(
        slug=_text(content, "slug", "framework", faults),
        title=_text(content, "title", "framework", faults),
        version=_number(content, "version", "framework", faults),
        summary=_text(content, "summary", "framework", faults),
        risk_raised_by=tuple(map(str, raised_by)) if isinstance(raised_by, list) else (),
        points=tuple(sorted((point for point in points if point), key=lambda point: point.number)),
        defects=tuple(defect for defect in defects if defect),
    )


def _point(raw: object, place: int, faults: list[str]) -> PointText | None:
    where = f"points[{place}]"
    if not isinstance(raw, dict):
        faults.append(f"{where} must be a mapping")
        return None
    _check_keys(raw, _POINT, where, faults, may_have=_POINT_MAY_HAVE)
    sections = raw.get("sections")
    applies = raw.get("applies_when")
    return PointText(
        number=_number(raw, "number", where, faults),
        title=_text(raw, "title", where, faults),
        question=_text(raw, "question", where, faults),
        applies_when=applies if isinstance(applies, str) else "",
        gap_when=_text(raw, "gap_when", where, faults),
        satisfied_when=_text(raw, "satisfied_when", where, faults),
        default_risk=_risk(raw, "default_risk", where, faults),
        advice=_text(raw, "advice", where, faults),
        sections=tuple(map(str, sections)) if isinstance(sections, list) else (),
        rule=_number(raw, "rule", where, faults) or None,
        example=_words(raw, "example", where, faults),
        questions=_questions(raw, where, faults),
        strength=_words(raw, "strength", where, faults),
    )


def _defect(raw: object, place: int, numbers: set[int], faults: list[str]) -> DefectText | None:
    where = f"defects[{place}]"
    if not isinstance(raw, dict):
        faults.append(f"{where} must be a mapping")
        return None
    _check_keys(raw, _DEFECT, where, faults, may_have=_DEFECT_MAY_HAVE)
    kind = str(raw.get("kind"))
    if kind not in set(DefectKind):
        faults.append(f"{where}.kind {kind!r} is not known")
        return None
    point = _number(raw, "point", where, faults)
    if point not in numbers:
        faults.append(f"{where}.point {point} is not a point of this framework")
    return DefectText(
        kind=DefectKind(kind),
        title=_text(raw, "title", where, faults),
        point=point,
        explanation=_text(raw, "explanation", where, faults),
        risk=_risk(raw, "risk", where, faults) if "risk" in raw else Risk.LOW,
        advice=_words(raw, "advice", where, faults),
        questions=_questions(raw, where, faults),
    )


def _risk(raw: Mapping, name: str, where: str, faults: list[str]) -> Risk:
    value = str(raw.get(name))
    if value in set(Risk):
        return Risk(value)
    faults.append(f"{where}.{name} must be one of {', '.join(Risk)}")
    return Risk.LOW


def _questions(raw: Mapping, where: str, faults: list[str]) -> tuple[str, ...]:
    values = raw.get("questions", [])
    if not isinstance(values, list) or len(values) > _MOST_QUESTIONS:
        faults.append(f"{where}.questions must be a list of at most {_MOST_QUESTIONS} texts")
        return ()
    return tuple(_words({"questions": value}, "questions", where, faults) for value in values)


def _words(raw: Mapping, name: str, where: str, faults: list[str]) -> str:
    """A text that may be left out, but is neither empty nor endless when it is there."""
    value = _text(raw, name, where, faults)
    if len(value) > _LONGEST_WORDS:
        faults.append(f"{where}.{name} is longer than {_LONGEST_WORDS} characters")
    return value


def _rows(content: Mapping, name: str, faults: list[str]) -> list[object]:
    rows = content.get(name)
    if isinstance(rows, list):
        return rows
    faults.append(f"{name} must be a list")
    return []


def _check_keys(
    raw: Mapping, needed: set[str], where: str, faults: list[str], *, may_have: frozenset[str] | set[str] = frozenset()
) -> None:
    faults += [f"{where}.{key} is missing" for key in sorted(needed - set(raw))]
    faults += [f"{where}.{key} is not known" for key in sorted(map(str, set(raw) - needed - may_have))]


def _text(raw: Mapping, name: str, where: str, faults: list[str]) -> str:
    value = raw.get(name)
    if isinstance(value, str) and value.strip():
        return value.strip()
    if name in raw:
        faults.append(f"{where}.{name} must be a text")
    return ""


def _number(raw: Mapping, name: str, where: str, faults: list[str]) -> int:
    value = raw.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if name in raw:
        faults.append(f"{where}.{name} must be a whole number above 0")
    return 0
