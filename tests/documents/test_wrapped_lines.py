"""Plain text whose lines were broken at a width is read in whole sentences; what is meant to be lines stays lines."""

import pytest

from apps.documents.extraction.plain_text import read_plain_text


def read(*lines: str) -> list[str]:
    return [block.text for block in read_plain_text("\n".join(lines).encode()).blocks]


def test_a_paragraph_that_was_broken_at_a_width_is_one_again() -> None:
    assert read(
        "1. Summary",
        "",
        "The seller bought five-star reviews for its kettles. We removed the reviews and warned",
        "the seller. Lots of shoppers will have been misled, and the case was handed over to",
        "Payments on 4 May. The average rating jumped from 3.1 to 4.8 within ten days in May 2025",
        "(rating history RH-2207).",
        "",
        "The end.",
    ) == [
        "1. Summary",
        "The seller bought five-star reviews for its kettles. We removed the reviews and warned the seller. Lots of shoppers will have"
        " been misled, and the case was handed over to Payments on 4 May. The average rating jumped from 3.1 to 4.8 within ten days in"
        " May 2025 (rating history RH-2207).",
        "The end.",
    ]


def test_an_item_of_a_list_takes_its_continued_line_along_and_the_next_item_stands_alone() -> None:
    assert read(
        "- The form asks for the invoice before a brand is entered, which the team of Ada Roy adds",
        "  by 4 July 2026",
        "- training",
    ) == [
        "- The form asks for the invoice before a brand is entered, which the team of Ada Roy adds by 4 July 2026",
        "- training",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("2026-05-04 10:31:02 login accepted for user 4411 from 203.0.113.9 by the gateway", "2026-05-04 10:31:09 payout changed"),
        ("10:31:02 login accepted for user 4411 from 203.0.113.9 by the second gateway of", "10:31:09 payout changed by the same"),
        ("12 May 2025    first wave of one hundred and forty reviews within two days, all by", "21 May 2025    rating at 4.8"),
        ("Name of the seller who is the subject of this write-up\tBrisket & Vale of Hamburg", "state\tclosed"),
        ("From: Ada Roy of the Marketplace Trust desk in the house on the hill above the town", "To: seller@example.com"),
        ("Dear team of the marketplace, we ask you to look once more at the closing of our shop", "> we are a family business"),
        ("Seller one of the many sellers of kettles that were looked at in the spring of 2025", "Seller two of the many sellers"),
        ("The seller was asked for an invoice for every one of the batches that it had sold off.", "it did not answer."),
        ("short", "lines", "stay", "lines"),
        ("Ada Roy", "the desk", "Hamburg"),
    ],
)  # fmt: skip
def test_what_is_meant_to_be_lines_stays_lines(lines: tuple[str, ...]) -> None:
    assert read(*lines) == list(lines)


def test_a_line_that_is_a_whole_paragraph_is_not_taken_for_a_broken_one() -> None:
    whole = "The seller bought reviews " * 10
    assert read(whole.strip(), "and then it sold the kettles") == [whole.strip(), "and then it sold the kettles"]
