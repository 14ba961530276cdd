"""SCIM filters as conditions of the database. The grammar is scim2_models'; which attributes can be asked for is said here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db.models import Q
from scim2_models import InvalidFilterException, Resource, ScimFilter
from scim2_models.path import (
    AttributeBinding,
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
    coerce_value,
)

from apps.accounts.api.scim.bodies import is_storable
from apps.accounts.api.scim.resources import Group, User
from apps.accounts.models import normal_email

LONGEST_FILTER = 2000
_MOST_CONDITIONS = 50
_TEXT = {
    CompareOperator.eq: "exact",
    CompareOperator.co: "contains",
    CompareOperator.sw: "startswith",
    CompareOperator.ew: "endswith",
}
_ORDER = {
    CompareOperator.gt: "gt",
    CompareOperator.ge: "gte",
    CompareOperator.lt: "lt",
    CompareOperator.le: "lte",
}


@dataclass(frozen=True, slots=True)
class Column:
    """Where an attribute lies, and how it is compared."""

    lookup: str
    form: Callable[[Any], Any] = str
    ignores_case: bool = False

    def condition(self, op: CompareOperator, value: Any) -> Q:
        """The rows whose attribute compares so; InvalidFilterException where that has no meaning."""
        if op == CompareOperator.ne:
            return ~self.condition(CompareOperator.eq, value)
        if value is None:
            if op != CompareOperator.eq:
                raise InvalidFilterException
            return ~self.presence()
        wanted = self.form(value)
        if isinstance(wanted, str) and self.form is not _same:
            operator = _ORDER.get(op) or f"{'i' * self.ignores_case}{_TEXT[op]}"
            return Q(**{f"{self.lookup}__{operator}": wanted})
        if op in _ORDER and isinstance(wanted, datetime):
            return Q(**{f"{self.lookup}__{_ORDER[op]}": wanted})
        if op != CompareOperator.eq:
            raise InvalidFilterException
        return Q(pk__in=[]) if wanted is None else Q(**{self.lookup: wanted})

    def presence(self) -> Q:
        """The rows in which the attribute says something."""
        is_missing = Q(**{f"{self.lookup}__isnull": True})
        return ~(is_missing | Q(**{self.lookup: ""})) if self.form in {str, _folded} else ~is_missing


def _folded(value: Any) -> str:
    return normal_email(str(value))


def _id(value: Any) -> UUID | None:
    """None for what is the id of nothing."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _same(value: Any) -> Any:
    return value


_TIMES = {"meta.created": Column("created_at", _same), "meta.lastmodified": Column("updated_at", _same)}
_NAME = "said__attributes__name__"
USER_COLUMNS: Mapping[str, Column] = {
    "id": Column("person_id", _id),
    "username": Column("user_name_key", _folded),
    "externalid": Column("external_id"),
    "active": Column("person__is_active", _same),
    "displayname": Column("said__attributes__displayName", ignores_case=True),
    "name.formatted": Column(f"{_NAME}formatted", ignores_case=True),
    "name.givenname": Column(f"{_NAME}givenName", ignores_case=True),
    "name.familyname": Column(f"{_NAME}familyName", ignores_case=True),
    "emails": Column("person__email_key", _folded),
    "emails.value": Column("person__email_key", _folded),
    "groups.value": Column("groups__id", _id),
    **_TIMES,
}
GROUP_COLUMNS: Mapping[str, Column] = {
    "id": Column("pk", _id),
    "externalid": Column("external_id"),
    "displayname": Column("display_name", ignores_case=True),
    "members": Column("members__person_id", _id),
    "members.value": Column("members__person_id", _id),
    **_TIMES,
}


def condition_for(expression: str, model: type[User] | type[Group]) -> Q:
    """The filter as a condition on the rows of this resource; InvalidFilterException."""
    if len(expression) > LONGEST_FILTER or not is_storable(expression):
        raise InvalidFilterException
    # Parameterised at run time, which type checkers cannot follow.
    bound: ScimFilter[Any] = ScimFilter.__class_getitem__(model)(expression)
    return _Conditions(bound, USER_COLUMNS if model is User else GROUP_COLUMNS).visit(bound.ast)


class _Conditions(FilterVisitor[Q]):
    """Walks one filter; the number of its conditions is bounded, since each is work for the database."""

    def __init__(self, bound: "ScimFilter[Resource[Any]]", columns: Mapping[str, Column], *, within: str = "") -> None:
        self._bound, self._columns, self._within = bound, columns, within
        self._left = _MOST_CONDITIONS

    def visit_comparison(self, node: Comparison) -> Q:
        """One attribute with one value."""
        column = self._column(node.attr_path)
        value = node.value
        if not self._within and (binding := self._bound.resolve_comparison(node.attr_path, strict=True)):
            value = self._coerced(binding, node)
        if not is_storable(str(value)):
            raise InvalidFilterException
        return column.condition(node.op, value)

    def visit_present(self, node: Present) -> Q:
        """Whether the attribute says anything."""
        return self._column(node.attr_path).presence()

    def visit_not(self, node: Not) -> Q:
        """The others."""
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        """All of them, or any."""
        join = and_ if node.op == LogicalOperator.and_ else or_
        first, *others = (self.visit(term) for term in node.terms)
        for other in others:
            first = join(first, other)
        return first

    def visit_value_path(self, node: ValuePath) -> Q:
        """`emails[type eq "work" and value eq "x"]`: of the addresses here one is the account's, whatever type it was sent with."""
        if self._within or node.attr_path.attr.casefold() not in {"emails", "members", "groups"}:
            raise InvalidFilterException
        self._within = f"{node.attr_path.attr.casefold()}."
        try:
            return self.visit(node.val_filter)
        finally:
            self._within = ""

    def _column(self, path: AttrPath) -> Column:
        self._left -= 1
        if self._left < 0:
            raise InvalidFilterException
        name = self._within + (f"{path.attr}.{path.sub_attr}" if path.sub_attr else path.attr).casefold()
        if name in {"emails.type", "emails.primary"}:
            return _ANY
        if name not in self._columns:
            raise InvalidFilterException(detail=f"this server does not filter by {path}"[:200])
        return self._columns[name]

    @staticmethod
    def _coerced(binding: AttributeBinding, node: Comparison) -> Any:
        return coerce_value(binding, node.value, node.op)


class _Anything(Column):
    """An attribute that says nothing about which rows are meant."""

    def condition(self, op: CompareOperator, value: Any) -> Q:
        """All of them."""
        del op, value
        return Q(pk__isnull=False)

    def presence(self) -> Q:
        """All of them."""
        return Q(pk__isnull=False)


_ANY = _Anything("pk")
