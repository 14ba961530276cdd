"""Queries whose SQL is made once a process: making it takes Django several times as long as PostgreSQL needs to answer it.

A kept query is a plain function from values to a queryset, with its values beside it. The first call makes the SQL twice, with two
sets of stand-ins, and finds each value's places by comparing; later calls only fill them in. Values can come in no other way: a function
that carries something of a request with it (a closure, a default, a bound method) is refused, or one person's id would stand in
everybody's SQL. No SQL names a schema, so the organization stays the connection's business.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FunctionType
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init, pre_init

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
        cast("Any", found)._known_related_objects = {pointer: {one.pk: one} for pointer, one in self._pointers()}  # noqa: SLF001
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
            except ValidationError:
                # A value of another type than its column's, such as an id written as text: Django turns it into one.
                return list(self.queryset())
            if len(_plans) >= _MOST_PLANS:
                _plans.clear()
            _plans[key] = plan
        return plan.rows(self.values, self._pointers())

    def first(self) -> M | None:
        """The first row; which one, and that there is one, is the function's business."""
        return next(iter(self.rows()), None)

    def _pointers(self) -> list[tuple[Any, Model]]:
        return [(self.model._meta.get_field(name), one) for name, one in self.known.items()]  # noqa: SLF001


class _Plan:
    """The SQL with its places, and what makes objects of its rows. Shared by all threads, and never changed."""

    def __init__(self, query: KeptQuery[Any]) -> None:
        given = [_stand_ins(query.values, number) for number in (1, 2)]
        queryset = query.build(*query.shape, **given[0])
        self._compiler, self._sql, params = _compiled(queryset)
        _, sql, other_params = _compiled(query.build(*query.shape, **given[1]))
        self._places = [_place_of(pair, given) for pair in zip(params, other_params, strict=True)]
        if self._sql != sql or {name for name, _ in self._places if name is not None} != set(query.values):
            message = f"{query.build.__name__}: a value changes the SQL, or does not reach it"
            raise ValueError(message)
        self._converters = self._compiler.get_converters([column[0] for column in self._compiler.select])
        self._maker = _Maker(self._compiler.klass_info, self._compiler.select, queryset.db)
        self._annotations = tuple(self._compiler.annotation_col_map.items())

    def rows(self, values: Values, known: Sequence[tuple[Any, Model]]) -> list[Any]:
        """The objects of the rows that these values find; `known` are objects to point at, by the field."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [fixed if name is None else values[name] for name, fixed in self._places])
            found: Any = cursor.fetchall()
        if self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        objects = []
        for row in found:
            one = self._maker.made_of(row)
            one.__dict__.update((name, row[at]) for name, at in self._annotations)
            for pointer, other in known:
                if one.__dict__[pointer.attname] == other.pk:
                    pointer.set_cached_value(one, other)
            objects.append(one)
        return objects


class _Maker:
    """Makes the object of some of a row's columns, and those that it points at: what Django's from_db() makes, in a fifth of the time."""

    def __init__(self, info: Mapping[str, Any], select: Sequence[Any], alias: str) -> None:
        self._model: type[Model] = info["model"]
        _refuse_unless_made_plainly(self._model, info)
        self._from, self._to = info["select_fields"][0], info["select_fields"][-1] + 1
        self._names = tuple(column[0].target.attname for column in select[self._from : self._to])
        self._alias = alias
        self.key_at = self._from + self._names.index(self._model._meta.pk.attname)  # noqa: SLF001
        self._pointed = [
            (_Maker(other, select, alias), other["local_setter"], other["remote_setter"])
            for other in info.get("related_klass_infos", [])
        ]

    def made_of(self, row: Sequence[Any]) -> Any:
        """The object, in the state of one that was just loaded."""
        made: Any = self._model.__new__(self._model)
        state = ModelState()
        state.adding, state.db = False, self._alias
        made.__dict__["_state"] = state
        made.__dict__.update(zip(self._names, row[self._from : self._to], strict=True))
        for maker, here, there in self._pointed:
            other = None if row[maker.key_at] is None else maker.made_of(row)
            here(made, other)
            if other is not None:
                there(other, made)
        return made


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


def _refuse_unless_made_plainly(model: type[Model], info: Mapping[str, Any]) -> None:
    is_plain = (
        model.__init__ is Model.__init__ and cast("Any", model.from_db).__func__ is cast("Any", Model.from_db).__func__
    )
    if not is_plain or info.get("from_parent") or pre_init.has_listeners(model) or post_init.has_listeners(model):
        message = f"{model.__name__} has a way of its own to be made, which a kept query would leave out"
        raise ValueError(message)


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
    """False for what Django changes on its way: a number that its column cannot hold, a time without a zone, a kind not known here."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= _FURTHEST
    if isinstance(value, datetime):
        return value.tzinfo is not None
    return isinstance(value, UUID | str | float)


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
