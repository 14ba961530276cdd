"""What services record is registered with a sentence, and every registered action is recorded somewhere."""

import ast
import re

from apps.feedback.choices import Verdict
from apps.kernel.audit.actions import known_actions
from tests.contracts.sources import calls_of, python_files


def _recorded() -> set[str]:
    """The names given to record(), also both branches of a conditional, and each verdict of `item.{verdict}`."""
    names: set[str] = set()
    for path in python_files("apps"):
        for call in calls_of(path, "record"):
            if call.args:
                names |= _names_in(call.args[0])
    return names


def _names_in(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return _names_in(node.body) | _names_in(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return {f"item.{verdict.value}" for verdict in Verdict}
    return set()


def test_every_recorded_action_has_a_sentence() -> None:
    recorded = _recorded()
    assert len(recorded) > 20, "the calls were found"
    assert recorded - set(known_actions()) == set()


def test_every_sentence_belongs_to_an_action_that_is_recorded() -> None:
    assert set(known_actions()) - _recorded() == set()


def test_a_name_is_a_thing_and_what_happened_to_it() -> None:
    odd = [name for name in known_actions() if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name)]
    assert odd == []
