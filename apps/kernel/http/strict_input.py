"""What a request's body says: every field known, or refused."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

# A form of the portal sends its token along.
_NOT_CONTENT = frozenset({"csrfmiddlewaretoken"})


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses a field that it does not know: a mistyped name would otherwise be a change that silently does nothing."""

    def to_internal_value(self, data: Any) -> Any:
        """The values; ValidationError names the fields that are not known."""
        if isinstance(data, dict):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(set(map(str, data)) - known - _NOT_CONTENT)
            if unknown:
                raise serializers.ValidationError(dict.fromkeys(unknown, "unknown field"))
        return super().to_internal_value(data)


def given(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The body's values in this shape; ValidationError with every fault."""
    serializer = shape(data=request.data)
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values
