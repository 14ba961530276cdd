"""Places come from a local file, or nobody knows them."""

from pathlib import Path
from typing import Any

import pytest

from apps.accounts.places import NOWHERE, Place, place_of


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.9", Place("DE", 52.5, 13.4)),
        ("::ffff:203.0.113.9", Place("DE", 52.5, 13.4)),
        ("2001:db8::1", Place("DE", 52.5, 13.4)),
        ("198.18.0.1", Place("BR")),
        ("10.0.0.1", NOWHERE),
        ("not an address", NOWHERE),
        ("", NOWHERE),
    ],
)
def test_an_address_has_the_place_that_the_file_says(places: Path, settings: Any, address: str, place: Place) -> None:
    settings.COUNTRY_DATABASE = str(places)
    assert place_of(address) == place


def test_without_a_file_nothing_is_known(settings: Any) -> None:
    settings.COUNTRY_DATABASE = ""
    assert place_of("203.0.113.9") == NOWHERE


def test_a_file_that_cannot_be_read_stops_nobody(settings: Any, tmp_path: Path) -> None:
    settings.COUNTRY_DATABASE = str(tmp_path / "none.mmdb")
    assert place_of("203.0.113.9") == NOWHERE
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(b"no database at all" * 100)
    settings.COUNTRY_DATABASE = str(broken)
    assert place_of("203.0.113.9") == NOWHERE
