"""Modules stay small and are called by what they are."""

import ast

from tests.contracts.sources import named, python_files, tree_of

MOST_LINES = 400
MOST_FUNCTION_LINES = 60
JUNK_DRAWERS = {"utils", "helpers", "common", "misc", "core", "base", "lib", "manager", "handler", "util", "helper"}


def test_a_module_has_at_most_400_lines() -> None:
    long = [
        named(path)
        for path in python_files("apps", "config", "tools", "tests", "benchmarks")
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    ]
    assert long == []


def test_a_function_of_the_product_has_at_most_60_lines() -> None:
    long = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in python_files("apps", "config", "tools")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= MOST_FUNCTION_LINES
    ]
    assert long == []


def test_no_module_is_a_junk_drawer() -> None:
    drawers = [
        named(path)
        for path in python_files("apps")
        if path.stem in JUNK_DRAWERS or any(part in JUNK_DRAWERS for part in path.parts)
    ]
    # Django looks for a database engine in a module of this name.
    assert drawers == ["apps/kernel/tenancy/backend/base.py"]


def test_every_module_of_the_product_says_what_it_is() -> None:
    silent = [
        named(path)
        for path in python_files("apps", "config", "tools", "benchmarks")
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree_of(path))
    ]
    assert [name for name in silent if "/management/commands/" not in name and not name.endswith("__init__.py")] == []


def test_the_broad_except_lives_in_the_stage_runner_alone() -> None:
    broad = [
        f"{named(path)}:{node.lineno}"
        for path in python_files("apps")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and isinstance(node.type, ast.Name)
        and node.type.id == "Exception"
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]
    assert [place for place in broad if not place.startswith("apps/kernel/jobs/runner.py")] == []
