"""What changes from one version of a framework to the next, for people to read before they adopt it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from apps.analysis.rules.framework import FrameworkText


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changes: `before` is "" for what is new, `after` for what goes."""

    where: str
    """"point 3", "defect missing_date", or "framework"."""
    what: str
    """The field's name; "" for a whole point or defect."""
    before: str
    after: str


def differences(old: FrameworkText, new: FrameworkText) -> tuple[Difference, ...]:
    """Everything that differs, the framework itself first, then points and kinds of fault in their order."""
    return (
        *_changed("framework", old, new, leaving_out={"points", "defects", "version", "slug"}),
        *_rows("point", {one.number: one for one in old.points}, {one.number: one for one in new.points}),
        *_rows("defect", {one.kind.value: one for one in old.defects}, {one.kind.value: one for one in new.defects}),
    )


def _rows(name: str, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> list[Difference]:
    found: list[Difference] = []
    for key in sorted({*old, *new}):
        where = f"{name} {key}"
        if key not in new:
            found.append(Difference(where, "", old[key].title, ""))
        elif key not in old:
            found.append(Difference(where, "", "", new[key].title))
        else:
            found += _changed(where, old[key], new[key], leaving_out={"number", "kind"})
    return found


def _changed(where: str, old: Any, new: Any, *, leaving_out: set[str]) -> list[Difference]:
    names = [field.name for field in fields(old) if field.name not in leaving_out]
    return [
        Difference(where, name, _shown(getattr(old, name)), _shown(getattr(new, name)))
        for name in names
        if getattr(old, name) != getattr(new, name)
    ]


def _shown(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
