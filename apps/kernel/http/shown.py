"""Rows as programs see them, for serializers that only show: how each field is shown is worked out once a class, not once an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.utils import timezone
from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.relations import RelatedField

M = TypeVar("M", bound=Model)
_Field = serializers.Field[Any, Any, Any, Any]
_Convert = Callable[[Any], Any]
# What these fields' own to_representation does to a model's value that is not None, without the way there.
_PLAIN: dict[type, _Convert] = {
    serializers.CharField: str,
    serializers.EmailField: str,
    serializers.IntegerField: int,
    serializers.FloatField: float,
    serializers.BooleanField: bool,
}


@dataclass(frozen=True, slots=True)
class _Way:
    """How a class shows a row; shared by all threads."""

    names: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    conversions: tuple[tuple[str, _Convert], ...]
    methods: tuple[tuple[str, Callable[[Any, Any], Any]], ...]


class ShownSerializer(serializers.ModelSerializer[M]):
    """A read-only ModelSerializer. The answer is byte for byte what DRF makes of the same fields.

    DRF builds a model's fields anew for each serializer, which took longer than the query behind it.
    """

    _kept_way: ClassVar[_Way]

    def to_representation(self, instance: M) -> dict[str, Any]:
        """The row's fields by name, in order."""
        way = self._way()
        shown: dict[str, Any] = dict.fromkeys(way.names)
        try:
            # `read` gives more values than there are conversions, see _way_of.
            for (name, convert), value in zip(way.conversions, way.read(instance), strict=False):
                if value is not None:
                    shown[name] = convert(value)
            for name, method in way.methods:
                # Of the serializer in hand, whose context it may read.
                shown[name] = method(self, instance)
        except (AttributeError, SkipField):
            # A row without one of the attributes: DRF decides what is left out, and says what is wrong.
            return super().to_representation(instance)
        return shown

    @classmethod
    def _way(cls) -> _Way:
        if "_kept_way" not in cls.__dict__:
            cls._kept_way = _way_of(cls)
        return cls._kept_way


def _way_of(cls: type[ShownSerializer[Any]]) -> _Way:
    fields = {name: field for name, field in cls().fields.items() if not field.write_only}
    for name, field in fields.items():
        if isinstance(field, RelatedField | serializers.BaseSerializer):
            message = f"{cls.__name__}.{name} is shown by a method: a relation would be asked for row by row"
            raise TypeError(message)
    methods = {name: field for name, field in fields.items() if isinstance(field, serializers.SerializerMethodField)}
    plain = {name: field for name, field in fields.items() if name not in methods}
    return _Way(
        names=tuple(fields),
        # With one name alone it would give no tuple.
        read=attrgetter(*(str(field.source) for field in plain.values()), "pk", "pk"),
        conversions=tuple((name, _conversion(field)) for name, field in plain.items()),
        methods=tuple((name, getattr(cls, str(field.method_name))) for name, field in methods.items()),
    )


def _conversion(field: _Field) -> _Convert:
    if isinstance(field, serializers.UUIDField) and field.uuid_format == "hex_verbose":
        return str
    if type(field) is serializers.DateTimeField and not vars(field).keys() & {"format", "timezone"}:
        return _moment
    return _PLAIN.get(type(field), field.to_representation)


def _moment(value: datetime) -> str:
    """ISO 8601 in the reader's time zone, `Z` for UTC."""
    text = value.astimezone(timezone.get_current_timezone()).isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text
