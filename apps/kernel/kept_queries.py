"""Queries whose SQL is made once a process: making it takes Django several times as long as PostgreSQL needs to answer it.

A kept query is a plain function from values to a queryset, with its values beside it. The first call makes the SQL twice, with two
sets of stand-ins, and finds each value's places by comparing; later calls only fill them in. Values can come in no other way: a function
that carries something of a request with it (a closure, a default, a bound method) is refused, or one person's id would stand in
everybody's SQL. No SQL names a schema, so the organization stays the connection's business.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FunctionType
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

M = TypeVar("M", bound=Model)
Values = Mapping[str, Any]
_FURTHEST = 2**31 - 1
_MOST_PLANS = 500


@dataclass(frozen=True, slots=True)
class KeptQuery(Generic[M]):
    """`build(*shape, **values)` is the queryset of `model`. `shape` is what changes the SQL, `values` what only fills it.

    `known` are objects that rows point at and that are there already, by the field's name.
    """

    model: type[M]
    build: Callable[..., "QuerySet[M]"]
    shape: tuple[Hashable, ...] = ()
    values: Values = field(default_factory=dict)
    known: Mapping[str, Model] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _refuse_unless_plain(self.build)

    def narrowed(
        self, step: Callable[..., "QuerySet[M]"], shape: tuple[Hashable, ...] = (), values: Values | None = None
    ) -> "KeptQuery[M]":
        """The same after `step(queryset, *shape, **values)`."""
        _refuse_unless_plain(step)
        both = (self.build, self.shape, tuple(self.values), step, shape)
        return KeptQuery(self.model, _narrowed, both, {**self.values, **(values or {})}, self.known)

    def queryset(self) -> "QuerySet[M]":
        """The same as a queryset, for what is asked too rarely or in too many ways to be kept."""
        found = self.build(*self.shape, **self.values)
        cast("Any", found)._known_related_objects = _by_field(self.model, self.known)  # noqa: SLF001
        return found

    def rows(self) -> list[M]:
        """The rows."""
        if not all(map(_is_fillable, self.values.values())):
            return list(self.queryset())
        key = (self.build, self.shape, tuple((name, type(value)) for name, value in self.values.items()))
        plan = _plans.get(key)
        if plan is None:
            try:
                plan = _Plan(self)
            except EmptyResultSet:
                return []
            if len(_plans) >= _MOST_PLANS:
                _plans.clear()
            _plans[key] = plan
        return plan.rows(self.values, _by_field(self.model, self.known))

    def first(self) -> M | None:
        """The first row; which one, and that there is one, is the function's business."""
        return next(iter(self.rows()), None)


class _Plan:
    """The SQL with its places, and what makes objects of its rows. Shared by all threads, and never changed."""

    def __init__(self, query: KeptQuery[Any]) -> None:
        given = [_stand_ins(query.values, number) for number in (1, 2)]
        self._queryset = query.build(*query.shape, **given[0])
        self._compiler, self._sql, params = _compiled(self._queryset)
        _, sql, other_params = _compiled(query.build(*query.shape, **given[1]))
        self._places = [_place_of(pair, given) for pair in zip(params, other_params, strict=True)]
        if self._sql != sql or {name for name, _ in self._places if name is not None} != set(query.values):
            message = f"{query.build.__name__}: a value changes the SQL, or does not reach it"
            raise ValueError(message)
        self._converters = self._compiler.get_converters([column[0] for column in self._compiler.select])

    def rows(self, values: Values, known: Mapping[Any, Any]) -> list[Any]:
        """The objects of the rows that these values find."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [fixed if name is None else values[name] for name, fixed in self._places])
            found: Any = cursor.fetchall()
        if self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        return list(ModelIterable(cast("QuerySet[Any]", _Answered(self._queryset, self._compiler, found, known))))


class _Answered:
    """What ModelIterable asks of a queryset, of its query and of its compiler, for rows that have come already."""

    def __init__(self, queryset: "QuerySet[Any]", compiler: Any, found: Any, known: Mapping[Any, Any]) -> None:
        self.db, self.model, self.query, self._known_related_objects = queryset.db, queryset.model, self, known
        self.select, self.klass_info = compiler.select, compiler.klass_info
        self.annotation_col_map = compiler.annotation_col_map
        self._found = found

    def get_compiler(self, using: str) -> "_Answered":
        del using
        return self

    def execute_sql(self, chunked_fetch: bool = False, chunk_size: int = 0) -> None:  # noqa: FBT001, FBT002 - Django's
        """It was."""

    def results_iter(self, results: None) -> Any:
        del results
        return self._found


_plans: dict[Hashable, _Plan] = {}


def _refuse_unless_plain(build: object) -> None:
    if (
        not isinstance(build, FunctionType)
        or build.__closure__
        or build.__defaults__
        or build.__kwdefaults__
        or "<lambda>" in build.__qualname__
    ):
        message = "a kept query is made by a plain function of its shape and values"
        raise TypeError(message)


def _narrowed(
    build: Callable[..., "QuerySet[M]"],
    shape: tuple[Hashable, ...],
    names: tuple[str, ...],
    step: Callable[..., "QuerySet[M]"],
    step_shape: tuple[Hashable, ...],
    **values: Any,
) -> "QuerySet[M]":
    own = {name: values.pop(name) for name in names}
    return step(build(*shape, **own), *step_shape, **values)


def _by_field(model: type[Model], known: Mapping[str, Model]) -> dict[Any, Any]:
    return {model._meta.get_field(name): {one.pk: one} for name, one in known.items()}  # noqa: SLF001 - Django documents _meta


def _compiled(queryset: "QuerySet[Any]") -> tuple[Any, str, tuple[Any, ...]]:
    """The compiler after its work, the SQL, the parameters."""
    asked: Any = queryset
    if asked._prefetch_related_lookups or asked._iterable_class is not ModelIterable:  # noqa: SLF001
        message = "a kept query finds rows of one table and of those that it joins"
        raise ValueError(message)
    compiler: Any = queryset.query.get_compiler(using=queryset.db)
    sql, params = compiler.as_sql()
    if compiler.has_extra_select:
        message = "a kept query selects no more than its columns"
        raise ValueError(message)
    return compiler, sql, tuple(params)


def _is_fillable(value: object) -> bool:
    """False for what Django turns into other SQL: a number that its column cannot hold, a kind of value that is not known here."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= _FURTHEST
    return isinstance(value, UUID | str | float | datetime)


def _stand_ins(values: Values, number: int) -> dict[str, Any]:
    """For each value one of its type that nobody means."""
    return {
        name: _stand_in(value, 7_000_000 + number * 100_000 + at) for at, (name, value) in enumerate(values.items())
    }


def _stand_in(value: Any, unique: int) -> Any:
    if isinstance(value, UUID):
        return UUID(int=unique)
    if isinstance(value, str):
        return f"stand-in {unique}"
    if isinstance(value, datetime):
        return datetime.fromtimestamp(unique, UTC)
    return type(value)(unique)


def _place_of(pair: tuple[Any, Any], given: list[dict[str, Any]]) -> tuple[str | None, Any]:
    """The name of the value that stands here; or None, and what always stands here."""
    for name in given[0]:
        if pair == (given[0][name], given[1][name]):
            return name, None
    if pair[0] != pair[1]:
        message = "a value does not reach the SQL unchanged"
        raise ValueError(message)
    return None, pair[0]
