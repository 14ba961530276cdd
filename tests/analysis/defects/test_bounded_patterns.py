"""Every pattern of the defects and of the writing is bounded, so that no text can make a search of it slow."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import pytest

import apps.analysis.rules.defects
import apps.analysis.rules.writing
from apps.analysis.rules.reading import acronyms

MODULES = [
    importlib.import_module(found.name)
    for package in (apps.analysis.rules.defects, apps.analysis.rules.writing)
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
] + [acronyms]


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    """The compiled patterns of a value, in tuples, mappings and dataclasses too."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (found for one in value.values() for found in patterns_in(one))
    elif isinstance(value, list | tuple | frozenset):
        yield from (found for one in value for found in patterns_in(one))
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (found for one in fields(value) for found in patterns_in(getattr(value, one.name)))


def patterns_of(module: ModuleType) -> set[re.Pattern[str]]:
    return {found for value in vars(module).values() for found in patterns_in(value)}


def endless_repeats(pattern: re.Pattern[str]) -> list[str]:
    """Repeats without an upper bound that a search may begin anywhere, and any within another one."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    is_anchored = bool(tree) and tree[0][0] is sre.AT and tree[0][1] in {sre.AT_BEGINNING, sre.AT_BEGINNING_STRING}
    found: list[str] = []
    _walk(tree, inside=0, allowed=is_anchored, found=found)
    return found


def _walk(tree: Any, *, inside: int, allowed: bool, found: list[str]) -> None:
    for operation, argument in tree:
        if operation in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            low, high, body = argument
            is_endless = high is sre.MAXREPEAT
            if is_endless and (inside or not allowed):
                found.append(f"{operation} {low}.. of {body}")
            _walk(body, inside=inside + (high is sre.MAXREPEAT or high > 1), allowed=allowed, found=found)
        else:
            for part in _parts(argument):
                _walk(part, inside=inside, allowed=allowed, found=found)


def _parts(argument: Any) -> Iterator[Any]:
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, list | tuple):
        for one in argument:
            yield from _parts(one)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_no_search_can_run_on_without_end(module: ModuleType) -> None:
    endless = {pattern.pattern: found for pattern in patterns_of(module) if (found := endless_repeats(pattern))}
    assert endless == {}


def test_the_check_itself_sees_an_endless_repeat() -> None:
    assert endless_repeats(re.compile(r"\d+x"))
    assert endless_repeats(re.compile(r"^(?:\w+ )*x"))
    assert not endless_repeats(re.compile(r"\d{1,9}x"))
    assert not endless_repeats(re.compile(r"^\W*x"))
    assert len(MODULES) > 20
    assert sum(len(patterns_of(module)) for module in MODULES) > 60
