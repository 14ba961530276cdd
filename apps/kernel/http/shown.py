"""Rows as programs see them, for serializers that only show: how each field is shown is worked out once a class, not once an answer."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.utils import timezone
from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.relations import RelatedField

M = TypeVar("M", bound=Model)
_Read = Callable[[Any, Any], Any]
_Convert = Callable[[Any], Any]
# What these fields' own to_representation does to a value that is not None, without the way there.
_PLAIN: dict[type, _Convert] = {
    serializers.CharField: str,
    serializers.EmailField: str,
    serializers.IntegerField: int,
    serializers.FloatField: float,
    serializers.BooleanField: bool,
}


class ShownSerializer(serializers.ModelSerializer[M]):
    """A read-only ModelSerializer. The answer is byte for byte what DRF makes of the same fields.

    DRF builds a model's fields anew for each serializer, which took longer than the query behind it.
    """

    _kept_steps: ClassVar[list[tuple[str, _Read, _Convert | None]]]

    def to_representation(self, instance: M) -> dict[str, Any]:
        """The row's fields by name, in order."""
        shown: dict[str, Any] = {}
        try:
            for name, read, convert in self._steps():
                value = read(self, instance)
                shown[name] = value if convert is None or value is None else convert(value)
        except (AttributeError, SkipField):
            # A row without one of the attributes: DRF decides what is left out, and says what is wrong.
            return super().to_representation(instance)
        return shown

    @classmethod
    def _steps(cls) -> list[tuple[str, _Read, _Convert | None]]:
        """For each field its name, how to read it, and what to make of a value; shared by all threads, and never changed."""
        found: list[tuple[str, _Read, _Convert | None]] | None = cls.__dict__.get("_kept_steps")
        if found is None:
            found = [_step(cls, name, field) for name, field in cls().fields.items() if not field.write_only]
            cls._kept_steps = found
        return found


def _step(
    cls: type[ShownSerializer[Any]], name: str, field: "serializers.Field[Any, Any, Any, Any]"
) -> tuple[str, _Read, _Convert | None]:
    if isinstance(field, serializers.SerializerMethodField):
        # Of the serializer in hand, whose context it may read.
        return name, getattr(cls, str(field.method_name)), None
    if isinstance(field, RelatedField | serializers.BaseSerializer):
        message = f"{cls.__name__}.{name} is shown by a method: a relation would be asked for row by row"
        raise TypeError(message)
    read = attrgetter(str(field.source))
    return name, lambda _serializer, instance: read(instance), _conversion(field)


def _conversion(field: "serializers.Field[Any, Any, Any, Any]") -> _Convert:
    if isinstance(field, serializers.UUIDField) and field.uuid_format == "hex_verbose":
        return str
    if type(field) is serializers.DateTimeField and not vars(field).keys() & {"format", "timezone"}:
        return _moment
    return _PLAIN.get(type(field), field.to_representation)


def _moment(value: datetime) -> str:
    """ISO 8601 in the reader's time zone, `Z` for UTC."""
    text = value.astimezone(timezone.get_current_timezone()).isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text
