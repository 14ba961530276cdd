"""A deed without an entry cannot happen: every public service that writes rows records it, or says here why it need not."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.contracts.sources import ROOT, named, python_files, tree_of

_WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
# The kernel's own deeds: who calls one of them has done something.
_WRITES_BY_NAME = {"start_job", "cancel_job", "retry_job", "cancel_jobs_of", "publish", "store", "delete_stored"}
_RECORDS = {"record", "record_operator_deed"}
_ROOMS = ("tenants", "accounts", "documents", "analysis", "feedback")

REASONS = {
    "apps/accounts/services/second_factor_rule.py:forget_codes_without_factor": "codes go with the last factor, whose removal is recorded",
    "apps/accounts/services/reset_password.py:begin_reset": "that a link was asked for is recorded; the number makes older links dead",
    "apps/accounts/services/send_link.py:send_reset_link": "the same, by mail",
    "apps/accounts/services/use_api_key.py:use_api_key": "notes when a key was last used, for its owner",
    "apps/accounts/services/provider_sessions.py:remember_kept_session": "part of a sign-in, which is recorded",
    "apps/accounts/services/provider_sessions.py:remember_provider_session": "part of a sign-in, which is recorded",
    "apps/accounts/services/remove_expired.py:remove_expired": "what is over was recorded when it began, and nobody ends it",
    "apps/accounts/services/scim_access.py:use_scim_token": "notes when a token was last used, for the administrators",
    "apps/accounts/services/set_theme.py:set_theme": "light or dark is a person's own view of the portal",
    "apps/analysis/services/ask_model.py:ask_everything": "replies are facts of a run, which is recorded when it is finished",
    "apps/feedback/services/seed_demo.py:seed_people": "the people of a demo, made by a command; what they do is recorded",
}


@dataclass(frozen=True)
class Deed:
    """One function of a service module, and what it does itself."""

    place: str
    writes: bool
    records: bool
    calls: frozenset[str]


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return _name_of(call.func) in _WRITES_BY_NAME
    chain = ast.unparse(call.func.value)
    if call.func.attr == "update":
        return "objects" in chain or ".filter(" in chain
    if call.func.attr in {"save", "delete"}:
        return not chain.endswith(("storage", "cache", "session"))
    return call.func.attr in _WRITES and ("objects" in chain or (chain.islower() and "." in chain))


@cache
def deeds() -> dict[str, list[Deed]]:
    """Every function and method of the services, by its name."""
    found: dict[str, list[Deed]] = {}
    for room in _ROOMS:
        for path in python_files(f"apps/{room}/services"):
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.FunctionDef):
                    found.setdefault(node.name, []).append(_deed(path, node))
    return found


def _deed(path: Path, node: ast.FunctionDef) -> Deed:
    calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    names = {_name_of(call.func) for call in calls}
    # What is handed over to be called later counts as called.
    names |= {_name_of(argument) for call in calls for argument in call.args if isinstance(argument, ast.Name)}
    return Deed(
        place=f"{named(path)}:{node.name}",
        writes=any(_is_write(call) for call in calls),
        records=bool(names & _RECORDS),
        calls=frozenset(names - {node.name, ""}),
    )


def _reached(deed: Deed) -> set[Deed]:
    """The deed and every service function that it calls, directly or not."""
    seen: set[Deed] = set()
    waiting = [deed]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += [other for name in here.calls for other in deeds().get(name, []) if _can_call(here, other)]
    return seen


def _can_call(here: Deed, other: Deed) -> bool:
    """A private function is that of the same module; another module's of the same name is another one."""
    file, name = other.place.split(":")
    return not name.startswith("_") or here.place.startswith(f"{file}:")


def unrecorded() -> list[str]:
    """Public services that write, themselves or through others, without an entry."""
    public = [
        deed
        for name, all_of_name in deeds().items()
        for deed in all_of_name
        if not name.startswith("_") and _is_module_level(deed)
    ]
    return sorted(
        deed.place
        for deed in public
        if any(one.writes for one in _reached(deed)) and not any(one.records for one in _reached(deed))
    )


def _is_module_level(deed: Deed) -> bool:
    file, name = deed.place.split(":")
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree_of(ROOT / file).body)


def test_every_service_that_writes_records_it_or_says_why_not() -> None:
    assert len(deeds()) > 60, "the services were found"
    assert sorted(set(unrecorded()) - set(REASONS)) == []


def test_every_reason_is_still_needed() -> None:
    assert sorted(set(REASONS) - set(unrecorded())) == []


def test_pages_and_endpoints_write_nothing_themselves() -> None:
    """Whoever writes without a service writes without an entry."""
    writing = [
        f"{named(path)}:{call.lineno}"
        for room in _ROOMS
        for folder in ("views", "api")
        for path in python_files(f"apps/{room}/{folder}")
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call) and _is_write(call)
    ]
    assert writing == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Item.objects.create(a=1)", True),
        ("review.items.filter(a=1).update(b=2)", True),
        ("document.save()", True),
        ("run.findings.all().delete()", True),
        ("start_job('review', subject_id=one, requested_by=None)", True),
        ("digest.update(b'x')", False),
        ("default_storage.delete(key)", False),
        ("print('x')", False),
    ],
)
def test_the_contract_knows_a_write_when_it_sees_one(source: str, expected: bool) -> None:
    call = ast.parse(source).body[0].value  # type: ignore[attr-defined]
    assert _is_write(call) is expected
