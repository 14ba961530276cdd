"""Every event class by its wire name, and how its fields travel as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import ClassVar, TypeAlias, get_args, get_origin, get_type_hints
from uuid import UUID

JsonScalar: TypeAlias = str | int | float | bool | None
JsonValue: TypeAlias = JsonScalar | list[JsonScalar]

_known: dict[str, type["Event"]] = {}


class UnknownEventError(LookupError):
    """A stored event has a name that no loaded class bears."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in the past tense. Subclasses are frozen dataclasses of plain fields (str, int, bool, UUID, …).

    `wire_name` is the stable name; a class with `stream_type` is also told to browsers, with its single-valued fields.
    """

    wire_name: ClassVar[str] = ""
    stream_type: ClassVar[str] = ""

    # Not super(): a dataclass with slots is made twice, and the first class is not a parent of the second.
    def __init_subclass__(cls) -> None:
        """Enter the class into the catalogue; two classes of one name are a fault."""
        before = _known.get(cls.wire_name)
        if not cls.wire_name or (
            before is not None and (before.__module__, before.__qualname__) != (cls.__module__, cls.__qualname__)
        ):
            message = f"{cls.__qualname__} needs a wire_name of its own"
            raise TypeError(message)
        _known[cls.wire_name] = cls


def known_events() -> dict[str, type[Event]]:
    """All event classes by wire name."""
    return dict(sorted(_known.items()))


def event_class(wire_name: str) -> type[Event]:
    """The class of this name; UnknownEventError when it is not loaded."""
    try:
        return _known[wire_name]
    except KeyError as error:
        raise UnknownEventError(wire_name) from error


def to_payload(event: Event) -> dict[str, JsonValue]:
    """The event's fields as JSON values."""
    return {field.name: _as_json(getattr(event, field.name)) for field in fields(event)}


def from_payload(wire_name: str, payload: Mapping[str, JsonValue]) -> Event:
    """The event that `to_payload` was given. Fields that a newer version has added take their defaults."""
    kind = event_class(wire_name)
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    return kind(**{name: _as_typed(value, hints[name]) for name, value in payload.items() if name in names})


def stream_data(event: Event) -> dict[str, JsonScalar]:
    """What browsers are told: the single-valued fields."""
    return {name: value for name, value in to_payload(event).items() if not isinstance(value, list)}


def _as_json(value: object) -> JsonValue:
    if isinstance(value, tuple | list):
        return [_scalar(part) for part in value]
    return _scalar(value)


def _scalar(value: object) -> JsonScalar:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    message = f"an event carries plain values, not {type(value).__name__}"
    raise TypeError(message)


def _as_typed(value: JsonValue, hint: object) -> object:
    """The value as the field's annotation says; understands X, X | None and tuple[X, ...]."""
    if value is None:
        return None
    arguments = [argument for argument in get_args(hint) if argument not in (type(None), Ellipsis)]
    if isinstance(value, list):
        inner = arguments[0] if arguments else str
        return (get_origin(hint) or tuple)(_as_typed(part, inner) for part in value)
    kind = arguments[0] if arguments else hint
    if kind is datetime:
        return datetime.fromisoformat(str(value))
    if kind is UUID:
        return UUID(str(value))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return value
