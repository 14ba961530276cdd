"""Point 10: alarming words in correspondence and where they were sent."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status, verdict

MAILS = [
    "If the money is not back by Friday I am going to the police.",
    "After two capsules I ended up in the emergency room.",
    "Our counsel will seek damages from your company.",
    "A friend of mine is a reporter at the regional paper.",
    "You are thieves and this is a disgrace!",
    "My daughter burned her hand on the lamp.",
    "I have not slept for three nights and I am furious.",
]


@pytest.mark.parametrize("mail", MAILS)
def test_an_alarming_mail_that_nobody_routes_is_a_gap_at_its_words(mail: str):
    found = verdict(10, ("Case", "The offers were removed on 3 May."), ("Mail", f"Date: 2 May 2025\n{mail}", "email"))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text == mail


@pytest.mark.parametrize("mail", MAILS)
def test_the_same_mail_routed_to_a_team_in_time_satisfies(mail: str):
    told = "Agent Ngozi Farleigh read the complaint as a threat and passed it to Legal and to the Escalations team at 08:20 on 3 May."
    assert status(10, ("Handling", told), ("Mail", mail, "email")) is SATISFIED


def test_the_trigger_may_be_told_by_the_writer():
    assert status(10, ("Case", "A father wrote that his son was injured by the toy.")) is GAP
    assert status(10, ("Case", 'Nine messages used the words "burning smell".')) is GAP


def test_forwarding_it_to_someone_is_no_routing():
    assert status(10, ("Case", "I forwarded the mail to a few of them."), ("Mail", MAILS[0], "email")) is GAP


@pytest.mark.parametrize(
    "text",
    [
        "The anger in the region is big.",
        "The seller apologised in its letter.",
        "Legal confirmed on 3 May that the regulation applies.",
        "The police academy sells uniforms.",
    ],
)
def test_what_is_no_correspondence_is_no_trigger(text: str):
    assert status(10, text) is NOT_APPLICABLE


def test_a_friendly_mail_is_no_trigger():
    assert status(10, ("Mail", "Thank you for your help. I am not angry at all.", "email")) is NOT_APPLICABLE
