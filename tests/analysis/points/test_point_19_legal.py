"""Point 19: a duty that is touched is named and handled."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status, verdict


@pytest.mark.parametrize(
    "text",
    [
        "The lamp is recalled. Counsel Amara Whit advised on 31 March that product safety law asks for a notice within two business days; notice NS-204 was filed on 1 April.",
        "Buyer addresses were exported. Privacy officer Jon Abara assessed it on 4 May under data protection law and notified the authority the same day.",
        "The brand claims its trademark. Legal (Osric Devlin) confirmed on 3 May that the notice meets article 6 of the regulation.",
        "The carrier broke the SLA: Legal reviewed the agreement on 2 June and sent the notice within the 15 days of clause 9.",
    ],
)
def test_a_duty_that_is_named_and_handled_satisfies(text: str):
    assert status(19, ("Legal", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "The supplement contained a stimulant that nobody had declared.",
        "The report with all buyer names and addresses was downloaded. I am not sure it matters.",
        "The rights owner complained that the kettles copy its registered design. The desk treated it as a matter between two traders.",
        "Two children were injured by the toy.",
        "The region has an emergency order that limits prices. No concerns are known.",
    ],
)
def test_an_exposure_that_nobody_addresses_is_a_gap(text: str):
    assert status(19, ("Case", text)) is GAP


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Mail", "Section 12 of the acquiring agreement gives you 15 days to present a remediation plan.", "email"),
        ("Mail", "We ask you to stop this infringement of our mark.", "email"),
    ],
)
def test_an_exposure_may_stand_in_a_quoted_mail_only(title: str, text: str, kind: str):
    found = verdict(19, ("Case", "We removed the offers on 3 May."), (title, text, kind))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.section == 1


@pytest.mark.parametrize(
    ("cover", "told"),
    [
        ("Second draft, to be read before it goes to the rights owner.", "The kettles copy a registered design."),
        ("A copy was sent to the police.", "Two children were injured by the toy."),
        ("Prepared for the data protection authority.", "The order report with all buyer addresses was downloaded."),
    ],
)
def test_what_touches_the_duty_is_marked_before_those_whom_the_paper_is_for(cover: str, told: str):
    found = verdict(19, ("", cover), ("What happened", told))
    assert found.quote is not None
    assert found.quote.text == told
    alone = verdict(19, ("", cover), ("What happened", "The listings were removed on 3 May."))
    assert alone.quote is not None
    assert alone.quote.text == cover


def test_an_exposure_may_stand_in_a_table_row_only():
    assert status(19, ("Timeline", "Date | Event\n4 May 2025 | Letter from the customs authority received")) is GAP


@pytest.mark.parametrize(
    "text",
    [
        "The seller's address is p.dunmore@example.net, phone 07700 900417.",
        "The supplier contract ends in June.",
        "The shop raised the price of its tents.",
        "No personal data was touched and nobody was injured.",
    ],
)
def test_without_exposure_nothing_applies(text: str):
    assert status(19, text) is NOT_APPLICABLE
