"""What every cell has to answer, worked out from what the views declare; the code under test has no say in it."""

from enum import StrEnum

from apps.accounts.capabilities import Capability, Door, OpenedBy, Reach, RoleName, grants_for, reach
from apps.accounts.management.declared_routes import DeclaredModel, DeclaredRoute
from tests.authorization.objects import Place, Subject
from tests.authorization.people import Asker
from tests.isolation.asking import Cell


class Answer(StrEnum):
    """What an answer means, whatever form it has."""

    GIVEN = "given"
    SIGN_IN = "sent to sign in"
    CONFIRM = "asked to confirm"
    NOBODY = "401"
    REFUSED = "403"
    HIDDEN = "404"
    NO_METHOD = "405"
    ADMIN_DOOR = "sent to the administration's door"
    ADMIN_GONE = "sent to the administration's first page"
    BROKEN = "broken"


_BY_STATUS = {401: Answer.NOBODY, 404: Answer.HIDDEN, 405: Answer.NO_METHOD}
_BY_PLACE = {
    "/sign-in/": Answer.SIGN_IN,
    "/confirm/": Answer.CONFIRM,
    "/admin/login/": Answer.ADMIN_DOOR,
    "/admin/": Answer.ADMIN_GONE,
}
# What a deed may answer to somebody who may do it: done, or not now, or not like this.
_DEED = frozenset({Answer.GIVEN})
_OPEN = frozenset({Answer.GIVEN, Answer.SIGN_IN})


def meaning(cell: Cell) -> Answer:
    """What the answer says."""
    # 503 is said of somebody else's server that the deed has asked.
    if cell.status >= 500 and cell.status != 503:
        return Answer.BROKEN
    if cell.status == 403:
        return Answer.CONFIRM if b"reauth_required" in cell.body else Answer.REFUSED
    if cell.status in {301, 302}:
        return _BY_PLACE.get(cell.headers["location"].partition("?")[0], Answer.GIVEN)
    return _BY_STATUS.get(cell.status, Answer.GIVEN)


def may_enter(asker: Asker, capability: Capability | None) -> bool:
    """Does the table give this role this capability in an organization that is not the platform's own?"""
    if asker.role is None or asker.role == RoleName.SYSTEM_ADMIN:
        return False
    return capability is None or (capability in grants_for(asker.role) and capability in asker.scopes)


def expected(route: DeclaredRoute, asker: Asker, subject: Subject | None) -> frozenset[Answer]:
    """The answers that this cell may have; one, but for deeds that refuse for two reasons at once."""
    if route.door == Door.OPEN:
        return _opened(route, asker, subject)
    is_page = route.door == Door.PAGE
    if asker.role is None or (is_page and asker.is_program):
        return frozenset({Answer.SIGN_IN if is_page else Answer.NOBODY})
    if route.door == Door.SIGNED_IN:
        return frozenset({Answer.NOBODY}) if asker.is_program else _DEED
    if not may_enter(asker, route.capability):
        return frozenset({Answer.REFUSED})
    if is_page and route.is_fresh and asker.is_stale:
        return frozenset({Answer.CONFIRM})
    return _behind_the_door(route, asker, subject)


def expected_of_method(route: DeclaredRoute, asker: Asker) -> frozenset[Answer]:
    """For a method without code behind it: whoever may not enter is sent away as ever, or learns that there is no such method."""
    return frozenset({Answer.NO_METHOD}) | (expected(route, asker, None) - _DEED)


def _behind_the_door(route: DeclaredRoute, asker: Asker, subject: Subject | None) -> frozenset[Answer]:
    found = _DEED if subject is None else _found(route, asker, subject)
    if route.is_persons_only and asker.is_program:
        return frozenset({Answer.REFUSED}) | (found - _DEED)
    if route.is_not_by_key and asker.is_key:
        return frozenset({Answer.REFUSED}) | (found - _DEED)
    if route.is_fresh and asker.is_stale:
        return frozenset({Answer.CONFIRM}) | (found - _DEED)
    return found


def _found(route: DeclaredRoute, asker: Asker, subject: Subject) -> frozenset[Answer]:
    if subject.place != Place.HERE:
        return frozenset({Answer.HIDDEN})
    assert route.whose is not None, route.missing()
    assert asker.role is not None
    manages = may_enter(asker, Capability.MANAGE_ORGANIZATION)
    given = reach(asker.role, route.whose, subject.relation, is_restricted=subject.is_restricted, manages=manages)
    return {Reach.GIVEN: _DEED, Reach.REFUSED: frozenset({Answer.REFUSED}), Reach.HIDDEN: frozenset({Answer.HIDDEN})}[
        given
    ]


def _opened(route: DeclaredRoute, asker: Asker, subject: Subject | None) -> frozenset[Answer]:
    if route.opened_by == OpenedBy.HALF_SIGN_IN:
        return _DEED if asker.step == route.view.step else frozenset({Answer.SIGN_IN})
    if route.opened_by == OpenedBy.PROVIDER:
        return _DEED if subject is None or subject.place == Place.HERE else frozenset({Answer.HIDDEN})
    return _OPEN


def expected_in_admin(
    model: DeclaredModel, page: str, method: str, asker: Asker, place: Place | None
) -> frozenset[Answer]:
    """For a page of a model in the administration at an organization's host."""
    if model.capability == Capability.MANAGE_PLATFORM:
        return frozenset({Answer.HIDDEN})
    if asker.is_program or not may_enter(asker, model.capability):
        return frozenset({Answer.ADMIN_DOOR})
    assert model.offers is not None, model.missing()
    if not _is_offered(model.offers, page, method):
        return frozenset({Answer.REFUSED}) | _gone(place)
    if place not in {None, Place.HERE}:
        return _gone(place)
    # What is deleted leads to the list, or to the first page where rows cannot be changed.
    return frozenset({Answer.GIVEN, Answer.ADMIN_GONE}) if (page, method) == ("delete", "POST") else _DEED


def _gone(place: Place | None) -> frozenset[Answer]:
    return frozenset() if place in {None, Place.HERE} else frozenset({Answer.ADMIN_GONE, Answer.HIDDEN})


def _is_offered(offers: frozenset[str], page: str, method: str) -> bool:
    if page in {"changelist", "history"}:
        return "view" in offers
    if page == "change" and method == "GET":
        return "view" in offers
    return page in offers
