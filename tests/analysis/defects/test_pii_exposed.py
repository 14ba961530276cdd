"""Personal data written out in full, with the check digits that tell it from other numbers."""

import pytest

from apps.analysis.rules.defects import pii_checks
from apps.analysis.rules.defects.pii_exposed import masked
from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import marks, quotes, section

KIND = DefectKind.PII_EXPOSED


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Write to p.dorn@example.net for more.", "p.dorn@example.net"),
        ("Her phone is 07700 900417.", "07700 900417"),
        ("Call +44 20 7946 0018 today.", "+44 20 7946 0018"),
        ("Call (212) 555-0147 today.", "(212) 555-0147"),
        ("The card 4111 1111 1111 1111 was used.", "4111 1111 1111 1111"),
        ("My card 4111 1111 1111 1112 was used.", "4111 1111 1111 1112"),
        ("Paid to GB82 WEST 1234 5698 7654 32.", "GB82 WEST 1234 5698 7654 32"),
        ("Paid to DE89370400440532013000.", "DE89370400440532013000"),
        ("His number is 536-90-4399.", "536-90-4399"),
        ("Her number is AB 12 34 56 C.", "AB 12 34 56 C"),
        ("DNI 12345678Z was shown.", "12345678Z"),
        ("Personal number 811218-9876.", "811218-9876"),
        ("PESEL 44051401359 was noted.", "44051401359"),
        ("The tax code RSSMRA85T10A562S was noted.", "RSSMRA85T10A562S"),
    ],
)
def test_a_full_datum_is_marked_in_own_words_and_in_quoted_mail(text: str, words: str) -> None:
    assert quotes(KIND, section(text)) == [words]
    assert quotes(KIND, section(text, kind="email")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Write to support@example.net for more.",
        "Write to brand-protection@example.net for more.",
        "Order 4111 1111 1111 1112 was cancelled.",
        "Paid to DE89370400440532013001.",
        "Ticket 000-12-3456 is closed.",
        "The case 12345678A is closed.",
        "Order 20250503 and lot 0044 left on 2025-05-03 at 10:00.",
        "Reference 44051401359 was noted.",
        "Between 10:00 and 11:30 the call queue held 212 555 calls.",
        "Order 07700 is late.",
    ],
)
def test_numbers_that_fail_their_check_and_desk_addresses_are_left_alone(text: str) -> None:
    assert quotes(KIND, section(text)) == []


def test_the_reason_names_the_kind_and_never_repeats_the_datum() -> None:
    mark = marks(KIND, section("Write to p.dorn@example.net for more."))[0]
    assert "e-mail address" in mark.reason
    assert "dorn" not in mark.reason


def test_masking_leaves_the_rest_of_the_words() -> None:
    text = "Write to p.dorn@example.net or call 07700 900417."
    assert masked(text) == "Write to \u27e8e-mail address\u27e9 or call \u27e8telephone number\u27e9."


def test_check_digits_are_computed_as_their_standards_say() -> None:
    assert pii_checks.is_card("4111-1111-1111-1111")
    assert not pii_checks.is_card("4111-1111-1111-1110")
    assert pii_checks.is_iban("FR14 2004 1010 0505 0001 3M02 606")
    assert not pii_checks.is_iban("FR14 2004 1010 0505 0001 3M02 607")
    assert pii_checks.is_french_insee("2 55 08 14 168 025 38")
    assert not pii_checks.is_french_insee("2 55 08 14 168 025 39")
    assert pii_checks.is_spanish_id("X1234567L")
    assert not pii_checks.is_spanish_id("X1234567M")
    assert pii_checks.is_aadhaar("2341 2341 2346")
    assert not pii_checks.is_aadhaar("2341 2341 2347")
    assert pii_checks.is_us_ssn("536-90-4399")
    assert not pii_checks.is_us_ssn("666-90-4399")


def test_a_datum_that_is_repeated_is_marked_once_and_counted() -> None:
    found = marks(KIND, section("Write to p.dorn@example.net.", "Again: P.Dorn@example.net, 07700 900417."))
    assert [mark.quote.text for mark in found] == ["p.dorn@example.net", "07700 900417"]
    assert "in 2 places" in found[0].reason
    assert "places" not in found[1].reason
