"""The administration: every model x page x method x who x whose answers what its ModelAdmin offers, to those who administer alone."""

from typing import Any

import pytest
from django.apps import apps as django_apps
from django.urls import reverse

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.management.declared_routes import DeclaredModel, declared_models
from apps.accounts.models import User
from tests.authorization.conftest import Stage
from tests.authorization.expected import Answer, expected_in_admin, may_enter, meaning
from tests.authorization.objects import Place, Subject
from tests.authorization.people import Asker
from tests.isolation.asking import NOBODYS_KEY

_WITHOUT_OBJECT = ("changelist", "add")
_WITH_OBJECT = ("change", "delete", "history")
# The site's own pages: what those who administer get. Everybody else is sent to its door, which lets nobody else in.
SITE_PAGES: dict[str, Answer | None] = {
    "admin:index": Answer.GIVEN,
    "admin:login": None,
    "admin:logout": None,
    "admin:password_change": Answer.GIVEN,
    "admin:password_change_done": Answer.GIVEN,
    "admin:autocomplete": Answer.REFUSED,
    "admin:jsi18n": Answer.GIVEN,
    # They have no address of their own to ask for: Django's redirects and what is left.
    "admin:view_on_site": None,
    "admin:app_list": None,
    "admin:": None,
}

# Of the platform's operators: at an organization's host they are not there for anybody.
PLATFORM_PAGES = ("admin:tenants_tenant_hosts", "admin:tenants_tenant_remove")


def _ask_model(stage: Stage, model: DeclaredModel, asker: Asker, wrong: list[str]) -> None:
    stem = f"admin:{model.label.replace('.', '_')}_"
    for page in _WITHOUT_OBJECT:
        for method in ("GET", "POST"):
            cell = stage.ask(asker, method, reverse(f"{stem}{page}"))
            _compare(
                wrong, meaning(cell), expected_in_admin(model, page, method, asker, None), method, stem + page, asker
            )
    kind = django_apps.get_model(model.label)
    for page in _WITH_OBJECT:
        for method in ("GET", "POST"):
            cells = {}
            for place in Place:
                key = _key(stage, kind, place, model)
                cell = cells[place] = stage.ask(asker, method, reverse(f"{stem}{page}", args=[key]), key)
                right = expected_in_admin(model, page, method, asker, place)
                _compare(wrong, meaning(cell), right, method, stem + page, asker, place)
                if cell.holds(stage.warehouse.neighbour.canary):
                    wrong.append(f"{method} {stem}{page} | {asker.name} | {place}: shows the neighbour's canary")
            if cells[Place.NEIGHBOURS].plain() != cells[Place.NOWHERE].plain():
                wrong.append(f"{method} {stem}{page} | {asker.name}: the neighbour's is told from nobody's")


def _key(stage: Stage, kind: Any, place: Place, model: DeclaredModel) -> Any:
    if model.capability == Capability.MANAGE_PLATFORM:
        return NOBODYS_KEY if place == Place.NOWHERE else stage.warehouse.home.tenant.id
    return stage.warehouse.key(kind, Subject(place), whose=None)


def _compare(wrong: list[str], got: Answer, right: frozenset[Answer], *words: Any) -> None:
    if got not in right:
        shown = " | ".join(word.name if isinstance(word, Asker) else str(word) for word in words)
        wrong.append(f"{shown}: expected {' or '.join(sorted(right))}, got {got}")


@pytest.mark.parametrize("model", declared_models(), ids=lambda model: model.label)
def test_every_page_of_a_model_answers_what_is_offered(stage: Stage, model: DeclaredModel) -> None:
    wrong: list[str] = []
    for asker in stage.askers:
        if not asker.is_stale:
            _ask_model(stage, model, asker, wrong)
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_sites_own_pages_are_for_those_who_administer(stage: Stage) -> None:
    wrong: list[str] = []
    for name, answer in SITE_PAGES.items():
        if answer is None:
            continue
        for asker in stage.askers:
            enters = may_enter(asker, Capability.MANAGE_ORGANIZATION) and not asker.is_program
            got = meaning(stage.ask(asker, "GET", reverse(name)))
            _compare(wrong, got, frozenset({answer if enters else Answer.ADMIN_DOOR}), "GET", name, asker)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", PLATFORM_PAGES)
def test_pages_of_the_platforms_operators_are_not_there_at_an_organizations_host(stage: Stage, name: str) -> None:
    own = stage.warehouse.home.tenant.id
    for asker in stage.askers:
        for method in ("GET", "POST"):
            real = stage.ask(asker, method, reverse(name, args=[own]), own)
            nowhere = stage.ask(asker, method, reverse(name, args=[NOBODYS_KEY]), NOBODYS_KEY)
            assert real.status == 404, (asker.name, method)
            assert real.plain() == nowhere.plain(), (asker.name, method)


def test_the_sites_door_lets_nobody_in_who_does_not_administer(stage: Stage) -> None:
    wrong: list[str] = []
    for asker in stage.askers:
        enters = may_enter(asker, Capability.MANAGE_ORGANIZATION) and not asker.is_program
        known = asker.role is not None and not asker.is_program
        right = Answer.ADMIN_GONE if enters else Answer.REFUSED if known else Answer.SIGN_IN
        for method in ("GET", "POST"):
            _compare(
                wrong, meaning(stage.ask(asker, method, reverse("admin:login"))), frozenset({right}), method, asker
            )
    assert not wrong, "\n" + "\n".join(wrong)


def test_an_address_without_a_page_says_the_same_to_everybody_who_may_not_enter(stage: Stage) -> None:
    """Links to rows by kind and key, the list of a room, and addresses of nothing."""
    for path in (
        "/admin/r/1/1/",
        "/admin/accounts/",
        "/admin/nothing/",
        f"/admin/accounts/user/{stage.warehouse.mate.pk}/",
    ):
        answers = {
            meaning(stage.ask(asker, "GET", path)) for asker in stage.askers if not asker.role and not asker.is_program
        }
        assert len(answers) == 1, (path, answers)
        assert answers <= {Answer.ADMIN_DOOR, Answer.HIDDEN, Answer.GIVEN}, path


def test_every_role_but_one_is_outside() -> None:
    inside = {role for role in RoleName if may_enter(Asker("x", None, User(), role), Capability.MANAGE_ORGANIZATION)}  # type: ignore[arg-type]
    assert inside == {RoleName.ORG_ADMIN}
