"""Point 17: neutral words, explained terms, acting subjects."""

import pytest

from tests.analysis.points.judged import GAP, SATISFIED, status, verdict

PLAIN = "Ines Carrow removed the 12 offers on 3 May. The seller answered on 4 May."


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN + " The standard operating procedure (SOP) LA-3 applies; EUR 40 were held until 12:00 UTC.",
        PLAIN + ' The buyer wrote "you are liars and thieves".',
        PLAIN + " The Chargeback Review Unit (CRU) read it. The CRU agreed.",
        PLAIN + " FAQ and PDF files are on the ID page.",
    ],
)
def test_plain_neutral_text_satisfies(text: str):
    assert status(17, text) is SATISFIED


@pytest.mark.parametrize(
    "words",
    [
        "A shameless seller tried to poison our customers.",
        "If he had not been so careless with his password, nothing would have happened.",
        "The late shift should have known better.",
        "Only a heartless trader would do it.",
        "Buyers who believe every advert have only themselves to blame.",
        "These crooks lied to us again.",
    ],
)
def test_judging_words_are_a_gap_at_the_sentence(words: str):
    found = verdict(17, f"{PLAIN} {words}")
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text == words


def test_unexplained_abbreviations_are_a_gap_that_names_them():
    found = verdict(17, f"{PLAIN} The VFE sent it to the NCR on call. ICQ read it.")
    assert found.status is GAP
    assert "VFE, NCR and ICQ" in found.reason


def test_one_slip_does_not_flip_the_point():
    assert status(17, f"{PLAIN} The ATO was ruled out.") is SATISFIED


def test_the_words_of_a_quoted_mail_are_not_the_writers():
    assert status(17, ("Case", PLAIN), ("Mail", "You lazy idiots. VFE NCR ICQ.", "email")) is SATISFIED


def test_many_hidden_actors_are_a_gap():
    text = "The account was blocked. Then it was unblocked. The money was held. Later it was released. The case was closed. The seller was informed."
    assert status(17, text) is GAP
