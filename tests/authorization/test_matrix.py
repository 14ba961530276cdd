"""Every address x method x who x whose answers what its view declares.

An address joins by itself; what it has to declare is said by test_declared.py. A failure names route, method, who, whose, expected, got.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.capabilities import Door
from apps.accounts.management.declared_routes import METHODS, DeclaredRoute, declared_routes
from tests.authorization.conftest import Stage
from tests.authorization.expected import Answer, expected, expected_of_method, meaning
from tests.authorization.objects import Place, Subject, subjects_for
from tests.authorization.people import Asker
from tests.isolation.asking import Cell
from tests.isolation.routes import OBJECTS, Route

_NO_CODE = (*METHODS, "HEAD", "OPTIONS", "TRACE")
# Of those who are refused, who is also asked for what is nowhere, to be compared with the neighbour's.
_IN_FULL = {
    "anonymous",
    "viewer",
    "analyst",
    "team_lead",
    "org_admin",
    "system_admin",
    "reading key of an administrator",
}


def areas() -> list[str]:
    """The rooms' names for their addresses, in the resolver's order."""
    return list(dict.fromkeys(_area(route) for route in _asked_here()))


def _area(route: DeclaredRoute) -> str:
    return route.name.partition(":")[0] if ":" in route.name else "the API itself"


def _routes(area: str) -> list[DeclaredRoute]:
    return [route for route in _asked_here() if _area(route) == area]


def _asked_here() -> list[DeclaredRoute]:
    """All but those that are opened by a key of their own (test_open_addresses.py), or by a directory's token (test_provisioning.py)."""
    return [
        route
        for route in declared_routes()
        if route.door != Door.PROVISIONING and not (route.door == Door.OPEN and route.parameters)
    ]


def _url(route: DeclaredRoute, key: Any = None) -> str:
    return Route(route.name, route.parameters, None).url(key)


class Tally:
    """What was asked, and what was wrong."""

    def __init__(self) -> None:
        self.asked = 0
        self.wrong: list[str] = []

    def compare(self, cell: Cell, right: frozenset[Answer], *words: object) -> None:
        """Note a cell whose answer is another one."""
        self.asked += 1
        got = meaning(cell)
        if got not in right:
            wanted = " or ".join(sorted(answer.value for answer in right))
            self.wrong.append(f"{' | '.join(map(str, words))}: expected {wanted}, got {got.value} ({cell.status})")

    def check(self) -> None:
        """Fail with a line for each cell that is wrong."""
        assert not self.wrong, "\n" + "\n".join(self.wrong)

    def same(self, theirs: Cell, nowhere: Cell, *words: object) -> None:
        """Note what tells the neighbour's object from one that is nowhere."""
        if theirs.plain() != nowhere.plain():
            self.wrong.append(
                f"{' | '.join(map(str, words))}: the neighbour's ({theirs.status}) is told from nobody's ({nowhere.status})"
            )


def _subjects(route: DeclaredRoute, asker: Asker) -> list[Subject]:
    """For whom no door opens one object of each place is enough: it is not even looked for."""
    everything = subjects_for(route.whose)
    if expected(route, asker, None) <= {Answer.GIVEN}:
        # Programs and stale sessions are their person's again: the rule's two ends show that it holds for them as well.
        is_again = asker.is_program or asker.is_stale
        return [everything[0], *everything[-3:]] if is_again and len(everything) > 4 else everything
    return [everything[0], *everything[-2:]] if asker.name in _IN_FULL else [everything[0], everything[-2]]


def _ask_for_objects(stage: Stage, route: DeclaredRoute, tally: Tally) -> None:
    model = OBJECTS[route.parameters[0]]
    for asker in stage.askers:
        answers: dict[Place, Cell] = {}
        for subject in _subjects(route, asker):
            key = stage.warehouse.key(model, subject, whose=route.whose, name=route.name)
            prepare = stage.lead(asker, model, key, subject)
            cell = stage.ask(asker, route.method, _url(route, key), key, prepare=prepare)
            words = (f"{route.method} {route.path}", asker.name, subject)
            tally.compare(cell, expected(route, asker, subject), *words)
            answers[subject.place] = cell
            if cell.holds(stage.warehouse.neighbour.canary):
                tally.wrong.append(f"{' | '.join(map(str, words))}: shows the neighbour's canary")
        if Place.NOWHERE in answers:
            tally.same(answers[Place.NEIGHBOURS], answers[Place.NOWHERE], f"{route.method} {route.path}", asker.name)


@pytest.mark.parametrize("area", areas())
def test_every_cell_answers_as_declared(stage: Stage, area: str) -> None:
    tally = Tally()
    routes = _routes(area)
    for route in routes:
        if route.parameters:
            _ask_for_objects(stage, route, tally)
        else:
            for asker in stage.askers:
                cell = stage.ask(asker, route.method, _url(route))
                tally.compare(cell, expected(route, asker, None), f"{route.method} {route.path}", asker.name)
    tally.check()
    assert tally.asked >= len(routes)


def _methods_without_code(route: DeclaredRoute) -> Iterator[str]:
    for method in _NO_CODE:
        has_code = hasattr(route.view, "get" if method == "HEAD" else method.lower())
        if not has_code:
            yield method


@pytest.mark.parametrize("area", areas())
def test_a_method_without_code_is_refused_to_everybody(stage: Stage, area: str) -> None:
    """Its name in a header or in the form makes no other method of a POST either."""
    tally = Tally()
    seen: set[str] = set()
    for route in _routes(area):
        if route.name in seen:
            continue
        seen.add(route.name)
        key = None
        if route.parameters:
            key = stage.warehouse.key(
                OBJECTS[route.parameters[0]], Subject(Place.NEIGHBOURS), whose=route.whose, name=route.name
            )
        for method in _methods_without_code(route):
            for name in ("anonymous", "viewer", "org_admin", "system_admin", "reading key of an administrator"):
                asker = stage.named(name)
                cell = stage.ask(asker, method, _url(route, key), key)
                tally.compare(cell, expected_of_method(route, asker), f"{method} {route.path}", asker.name)
    tally.check()
