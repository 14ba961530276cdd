"""What the source may not hold, because it was measured to mix organizations."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for folder in ("apps", "config") for path in (ROOT / folder).rglob("*.py"))
TENANCY = ("apps/kernel/tenancy/",)
# These work on schemas as such: they migrate, clone and drop them.
SCHEMA_WORK = (*TENANCY, "apps/tenants/services/migrate.py")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    return [(name_of(path), node) for path in SOURCES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


def where(found: Iterator[tuple[str, ast.AST]], allowed: tuple[str, ...]) -> list[str]:
    return [f"{name}:{getattr(node, 'lineno', 0)}" for name, node in found if not name.startswith(allowed)]


def test_nobody_enters_an_organization_by_its_row() -> None:
    """`with tenant:` swapped organizations between threads."""

    def bare() -> Iterator[tuple[str, ast.AST]]:
        for name, node in nodes():
            for item in node.items if isinstance(node, ast.With | ast.AsyncWith) else ():
                entered = item.context_expr
                if isinstance(entered, ast.Name | ast.Attribute) and "tenant" in ast.unparse(entered).lower():
                    yield name, node

    assert where(bare(), ()) == []


def test_nobody_reads_the_organization_from_the_connection() -> None:
    """On an event loop the connection is another thread's, and says "public"."""

    def reads() -> Iterator[tuple[str, ast.AST]]:
        for name, node in nodes():
            if isinstance(node, ast.Attribute) and node.attr in {"schema_name", "tenant", "get_schema", "get_tenant"}:
                owner = ast.unparse(node.value)
                if owner.endswith("connection") or "connections[" in owner:
                    yield name, node

    assert where(reads(), TENANCY) == []


def test_only_the_tenancy_room_points_a_connection_at_a_schema() -> None:
    """One way in and one way back; each other way has been a leak."""

    def switches() -> Iterator[tuple[str, ast.AST]]:
        for name, node in nodes():
            if isinstance(node, ast.Attribute) and node.attr in {"set_tenant", "set_schema", "set_schema_to_public"}:
                yield name, node
            if isinstance(node, ast.alias) and node.name in {"tenant_context", "schema_context"}:
                yield name, node

    def spelled_out() -> Iterator[tuple[str, ast.AST]]:
        for name, node in nodes():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value.lower()
                if "set search_path" in text or "set local search_path" in text or "'search_path'" in text:
                    yield name, node

    assert where(switches(), SCHEMA_WORK) == []
    assert where(spelled_out(), TENANCY) == []


def test_sql_by_hand_names_no_schema() -> None:
    """A table with a schema before its name is read wherever one stands."""

    def named() -> Iterator[tuple[str, ast.AST]]:
        for name, node in nodes():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "public." in node.value.lower():
                yield name, node

    assert where(named(), ()) == []


def test_the_shared_server_is_reached_by_few_doors() -> None:
    """Beside Django's cache, whose keys are checked, and the brokers' own clients: a new door has to be looked at, then named here."""

    def imports() -> Iterator[tuple[str, ast.AST]]:
        for name, node in nodes():
            if isinstance(node, ast.ImportFrom) and node.module == "redis":
                yield name, node
            if isinstance(node, ast.Import) and any(alias.name == "redis" for alias in node.names):
                yield name, node

    doors = {name for name, _ in imports()}
    assert doors == {
        "apps/accounts/call_limits.py",  # counts an organization's calls under its tenant_key
        "apps/kernel/http/health.py",  # pings
        "apps/kernel/llm/shared_cells.py",  # numbers about models, of the whole platform
        "apps/tenants/services/delete.py",  # removes an organization's keys
    }


def test_groups_are_named_by_the_one_function_that_names_the_organization() -> None:
    def sends() -> Iterator[tuple[str, ast.AST]]:
        for name, node in nodes():
            if isinstance(node, ast.Attribute) and node.attr in {"group_add", "group_send", "group_discard"}:
                yield name, node

    callers = {name for name, _ in sends()}
    assert callers == {"apps/kernel/events/feed.py", "apps/kernel/events/hints.py"}
    for path in (ROOT / "apps/kernel/events/feed.py", ROOT / "apps/kernel/events/stream.py"):
        assert "group_name(STREAM_GROUP)" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command", ["provision_tenant", "suspend_tenant", "resume_tenant", "delete_tenant", "migrate_tenants"]
)
def test_a_command_of_ours_is_ours(command: str) -> None:
    """django-tenants has a delete_tenant of its own, which knows neither files nor records: the first app's is run."""
    assert str(get_commands()[command]).startswith("apps.")
