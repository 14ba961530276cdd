"""Persons, and what only looks like one."""

import pytest

from apps.analysis.rules.reading.people import full_names_in, known_parts, people_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Marta Elvehjem led the case", "Marta Elvehjem"), ("approved by Jarosław Finch today", "Jarosław Finch"), ("I wrote to Mr Dunmore", "Mr Dunmore"),
        ("Team lead Ruben Astarloa approved", "Ruben Astarloa"), ("J. Ortiz checked it", "J. Ortiz"), ("Ana de Souza signed", "Ana de Souza"),
    ],
)  # fmt: skip
def test_a_name_is_read(text: str, name: str):
    assert [one.name for one in full_names_in(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Product Safety stopped it",
        "the Rights Desk",
        "Root Cause",
        "Payments Risk",
        "On Friday March",
        "Hartlow Gadgets",
        "Maplewend Home",
    ],
)
def test_teams_shops_and_headings_are_no_persons(text: str):
    assert full_names_in(text) == ()


def test_somebody_who_was_introduced_may_be_called_by_one_name():
    known = known_parts(full_names_in("Marta Elvehjem led the case."))
    assert [one.name for one in people_in("Marta stopped at two. Elvehjem agreed. Ruben did not.", known)] == [
        "Marta",
        "Elvehjem",
    ]
