"""The kinds of fault in very different words."""

import pytest

from apps.analysis.rules.defects.registry import marks_of
from apps.analysis.rules.port import DefectKind
from tests.analysis.reading.reading_of import document

# Kind, heading, text, and words that must be within or around a mark; "" where nothing of the kind may be marked.
CASES = [
    ("vague_quantity", "Summary", "A fair few sellers were hit in a short space of time.", "A fair few"),
    ("vague_quantity", "Summary", "Most of the orders had been sent by then.", "Most of the orders"),
    ("vague_quantity", "Summary", "Countless mails came in over the next days.", "Countless mails"),
    ("vague_quantity", "Summary", "It took ages until somebody looked.", "ages"),
    ("vague_quantity", "Summary", "Roughly half the buyers wrote more than once, some several times.", "several times"),
    ("vague_quantity", "Timeline", "In the meantime quite some parcels had gone out.", "quite some parcels"),
    ("vague_quantity", "Summary", "The vast majority of refunds was paid.", "The vast majority of refunds"),
    ("vague_quantity", "Summary", "A good part of the stock came back within days.", "A good part of the stock"),
    ("vague_quantity", "Summary", "Sellers complained on numerous occasions.", "numerous occasions"),
    ("vague_quantity", "Summary", "The case was open for far too long.", "far too long"),
    ("vague_quantity", "Summary", "Some 40 sellers wrote.", ""),
    ("vague_quantity", "Summary", "Most important is the date.", ""),
    (
        "missing_owner",
        "Next steps",
        "- The monitoring of prices will be tightened by 4 July 2026.",
        "monitoring of prices will be tightened",
    ),
    ("missing_owner", "Preventive actions", "- Set up an alert for double payouts by 4 July 2026", "Set up an alert"),
    (
        "missing_owner",
        "Preventive actions",
        "An alert for double payouts should be set up.",
        "An alert for double payouts should be set up",
    ),
    ("missing_owner", "Next steps", "- Closer cooperation with Payments", "Closer cooperation with Payments"),
    (
        "missing_owner",
        "What we did",
        "The file then moved on to Finance and from there to somebody in Risk.",
        "somebody in Risk",
    ),
    (
        "missing_owner",
        "What we did",
        "Support passed this on to the payments side.",
        "passed this on to the payments side",
    ),
    ("missing_owner", "What we did", "It is still open who answers the letter.", "still open who answers the letter"),
    ("missing_owner", "Measures", "Reviewers are to be reminded of the rule.", "Reviewers are to be reminded"),
    ("missing_owner", "Next steps", "- Nils Bo sets up an alert by 4 July 2026.", ""),
    ("missing_date", "Next steps", "- Nils Bo sets up an alert.", "Nils Bo sets up an alert"),
    ("missing_date", "Next steps", "- Nils Bo sets up an alert as soon as time allows.", "as soon as time allows"),
    ("missing_date", "Next steps", "The rule will be rewritten in the coming quarter.", "in the coming quarter"),
    (
        "missing_date",
        "Next steps",
        "- Ada Roy looks into the old cases when capacity permits.",
        "when capacity permits",
    ),
    (
        "missing_date",
        "Recommendations",
        "We recommend that Payments introduces a second check.",
        "introduces a second check",
    ),
    (
        "missing_date",
        "Lessons",
        "Training for new starters is to be extended.",
        "Training for new starters is to be extended",
    ),
    ("missing_date", "Next steps", "- Nils Bo sets up an alert by 4 July 2026.", ""),
    ("placeholder", "Timeline", "The call took place on [DATE].", "[DATE]"),
    ("placeholder", "Timeline", "Ticket number: n.n.", "n.n."),
    ("placeholder", "Timeline", "The seller was informed on ....... 2026.", "......."),
    ("placeholder", "Summary", "Amount: EUR XXX.", "XXX"),
    ("placeholder", "Summary", "Loss: EUR ?", "?"),
    ("placeholder", "Summary", "Figures to be supplied by Finance.", "to be supplied"),
    ("unsupported_claim", "Seller", "The seller is obviously acting in good faith.", "obviously acting in good faith"),
    ("unsupported_claim", "Seller", "We have no doubt that he knew.", "no doubt that he knew"),
    ("unsupported_claim", "Checks", "The documents check out.", "The documents check out"),
    ("unsupported_claim", "Checks", "Everything on the invoice looks legitimate.", "looks legitimate"),
    ("unsupported_claim", "Checks", "The signature is clearly his.", "clearly his"),
    ("unsupported_claim", "Seller", "This can only have been an inside job.", "can only have been an inside job"),
    ("unsupported_claim", "Decision", "The penalty is fair.", "is fair"),
    ("unsupported_claim", "Decision", "Closing the account was the only option.", "the only option"),
    ("unsupported_claim", "Decision", "Under the circumstances this was the best solution.", "the best solution"),
    (
        "unsupported_claim",
        "Investigation",
        "All relevant evidence was secured and evaluated.",
        "All relevant evidence was secured",
    ),
    ("unsupported_claim", "Investigation", "The process works well and needs no change.", "works well"),
    ("unsupported_claim", "Contact", "The seller was very cooperative.", "very cooperative"),
    ("unsupported_claim", "Summary", "Other sellers were not affected.", "Other sellers were not affected"),
    ("unsupported_claim", "Seller", "He is known to be a repeat offender.", "known to be"),
    ("unsupported_claim", "Seller", "It is safe to assume that both shops belong together.", "safe to assume"),
    ("unsupported_claim", "Seller", "Apparently the owner gave his password away.", "Apparently"),
    ("unsupported_claim", "Seller", "There is little question that the invoices are false.", "little question"),
    ("unsupported_claim", "Summary", "The customers were fully satisfied with the solution.", "fully satisfied"),
    ("unsupported_claim", "Checks", "The invoice is genuine: the issuer confirmed it on 4 May (V-2).", ""),
    ("unsupported_claim", "Decision", "The penalty is fair because a warning had failed twice (cases 4 and 9).", ""),
    (
        "symptom_as_cause",
        "Root cause",
        "The root cause was an unfortunate chain of events.",
        "unfortunate chain of events",
    ),
    (
        "symptom_as_cause",
        "Root cause",
        "The incident was due to a configuration mistake by an operator.",
        "configuration mistake by an operator",
    ),
    (
        "symptom_as_cause",
        "Why it happened",
        "It happened because the wrong file was loaded.",
        "because the wrong file was loaded",
    ),
    ("symptom_as_cause", "Cause", "The cause is the criminal energy of the seller.", "criminal energy"),
    (
        "symptom_as_cause",
        "Root cause",
        "The job sent all mails twice. That is the root cause.",
        "That is the root cause",
    ),
    (
        "symptom_as_cause",
        "Root cause",
        "The gate never compares the bank's name with the holder's: that control failed (run 4).",
        "",
    ),
    ("blame_language", "Summary", "The night crew slept on the job.", "slept on the job"),
    ("blame_language", "Summary", "This swindler has fooled us for years.", "swindler"),
    ("blame_language", "Summary", "It is a disgrace that nobody noticed.", "a disgrace"),
    ("blame_language", "Summary", "Any halfway competent reviewer would have seen it.", "halfway competent"),
    ("blame_language", "Summary", "Support, as ever, did nothing.", "as ever"),
    ("blame_language", "Summary", "The buyer is a notorious complainer.", "notorious complainer"),
    ("blame_language", "Summary", "They simply did not care.", "did not care"),
    ("blame_language", "Summary", "It beggars belief that this was approved.", "beggars belief"),
    ("blame_language", "Summary", "The seller answered on 4 May.", ""),
    ("passive_hidden_actor", "Decision", "The listing was taken offline on 4 May.", "The listing was taken offline"),
    ("passive_hidden_actor", "Decision", "A warning was issued.", "A warning was issued"),
    ("passive_hidden_actor", "Decision", "The hold has since been lifted.", "The hold has since been lifted"),
    ("passive_hidden_actor", "Decision", "It was felt that a warning would do.", "It was felt"),
    ("passive_hidden_actor", "Investigation", "No further checks were made.", "No further checks were made"),
    ("passive_hidden_actor", "Investigation", "The alert had been muted in April.", "The alert had been muted"),
    ("passive_hidden_actor", "Investigation", "The seller's letter was filed away.", "letter was filed away"),
    ("passive_hidden_actor", "Decision", "An exception was granted for this shop.", "An exception was granted"),
    ("passive_hidden_actor", "Decision", "The parcel was damaged on the way.", ""),
    ("passive_hidden_actor", "Decision", "The listing was removed by Ada Roy.", ""),
    ("unquantified_impact", "Impact", "The financial damage is considerable.", "financial damage is considerable"),
    ("unquantified_impact", "Impact", "Many customers lost faith in us.", "lost faith in us"),
    ("unquantified_impact", "Impact", "Sellers suffered heavy losses.", "heavy losses"),
    ("unquantified_impact", "Impact", "It cost us a lot of goodwill.", "a lot of goodwill"),
    ("unquantified_impact", "Impact", "The workload of Support rose sharply.", "workload of Support rose sharply"),
    ("unquantified_impact", "Impact", "The brand's image was tarnished.", "image was tarnished"),
    (
        "unquantified_impact",
        "Impact",
        "The incident had a negative effect on the customer experience.",
        "negative effect on the customer experience",
    ),
    ("unquantified_impact", "Impact", "212 buyers lost EUR 4,100.", ""),
    (
        "no_success_measure",
        "Next steps",
        "We trust that this will not occur again.",
        "trust that this will not occur again",
    ),
    (
        "no_success_measure",
        "Next steps",
        "The changes will make sure that such cases are a thing of the past.",
        "a thing of the past",
    ),
    ("no_success_measure", "Success", "Success will show in calmer weeks.", "calmer weeks"),
    ("no_success_measure", "Success", "We will see whether it helps.", "see whether it helps"),
    ("no_success_measure", "Conclusion", "This should solve the problem for good.", "should solve the problem"),
    ("no_success_measure", "Next steps", "With these steps we feel well prepared.", "well prepared"),
    (
        "no_success_measure",
        "Success",
        "The team keeps a close watch on the situation.",
        "keeps a close watch on the situation",
    ),
    ("no_success_measure", "Success", "The aim is to have far fewer complaints.", "far fewer complaints"),
    ("no_success_measure", "Success", "Complaints: 41 in April, 5 or fewer by 31 July 2026.", ""),
    ("undefined_acronym", "Summary", "The RQT sent it on.", "RQT"),
    ("undefined_acronym", "Summary", "The Returns Quality Team (RQT) sent it on; RQT closed it. A PDF was sent.", ""),
    ("pii_exposed", "Summary", "He can be reached at jan.kos@example.org.", "jan.kos@example.org"),
    ("pii_exposed", "Summary", "Her phone is +44 7700 900123.", "+44 7700 900123"),
    ("pii_exposed", "Summary", "Order 112-4410-9912 was scanned as EL-771 at depot 4410 2231.", ""),
    ("pii_exposed", "Log", "Tracking 00340434161094042557 was scanned; run RX-2026-0317-44; account 88120034.", ""),
    ("pii_exposed", "Summary", "Case CP-2026-0311, ledger L-88121 and serial 4402-1180-2231 are on file.", ""),
    ("unsupported_claim", "Seller", "She has always been a reliable partner.", "always been a reliable partner"),
    ("unsupported_claim", "Seller", "The owner is trustworthy.", "is trustworthy"),
    ("unsupported_claim", "Checks", "The papers are all above board.", "all above board"),
    ("unsupported_claim", "Checks", "In all likelihood the driver kept the parcels.", "In all likelihood"),
    ("unsupported_claim", "Checks", "Experience shows that such shops never change.", "Experience shows"),
    ("unsupported_claim", "Decision", "The measure was commensurate.", "was commensurate"),
    ("unsupported_claim", "Decision", "We stand by the decision, which was sound.", "which was sound"),
    ("unsupported_claim", "Investigation", "A careful analysis was carried out.", "careful analysis"),
    ("unsupported_claim", "Investigation", "Every stone was turned.", "Every stone was turned"),
    ("unsupported_claim", "Seller", "The story he tells is not credible.", "not credible"),
    ("unsupported_claim", "Seller", "He must be working with the other shop.", "must be working with the other shop"),
    ("unsupported_claim", "Summary", "No harm was done.", "No harm was done"),
    ("unsupported_claim", "Summary", "The problem is under control now.", "under control"),
    ("unsupported_claim", "Summary", "All sellers were informed in time.", "informed in time"),
    ("unsupported_claim", "Checks", "The photos look authentic enough.", "look authentic"),
    ("missing_owner", "What comes next", "- A limit on coupon values", "A limit on coupon values"),
    ("missing_owner", "What comes next", "- Weekly review of new shops", "Weekly review of new shops"),
    ("missing_owner", "What comes next", "The coupon tool needs a limit.", "The coupon tool needs a limit"),
    (
        "missing_owner",
        "What comes next",
        "It would be good to have a limit by 4 July 2026.",
        "It would be good to have a limit",
    ),
    ("missing_date", "What comes next", "- Nils Bo adds a limit on coupon values", "adds a limit"),
    ("missing_date", "What comes next", "- Ada Roy writes a guide for new shops (no date yet)", "no date yet"),
    ("missing_date", "What comes next", "Nils Bo is working on a limit.", "is working on a limit"),
    ("missing_date", "What comes next", "A follow-up will take place.", "A follow-up will take place"),
    ("no_success_measure", "What comes next", "All in all we are on a good way.", "on a good way"),
    (
        "no_success_measure",
        "What comes next",
        "The effect of the measures will be reviewed periodically.",
        "reviewed periodically",
    ),
    ("no_success_measure", "What comes next", "We are optimistic that the number of cases will go down.", "optimistic"),
    ("no_success_measure", "What comes next", "That way this cannot happen any more.", "cannot happen any more"),
    ("no_success_measure", "Success", "Fewer complaints, happier sellers.", "Fewer complaints"),
    ("unquantified_impact", "Impact", "Trust in the coupon programme has suffered.", "has suffered"),
    ("unquantified_impact", "Impact", "The outage caused trouble for sellers.", "trouble for sellers"),
    ("unquantified_impact", "Impact", "We lost face with our partners.", "lost face"),
    ("unquantified_impact", "Impact", "The financial loss is bearable.", "loss is bearable"),
    ("unquantified_impact", "Impact", "Buyers were left in the dark.", "Buyers were left in the dark"),
    ("symptom_as_cause", "Cause", "The coupon had the wrong value. The reason is a typing mistake.", "typing mistake"),
    (
        "symptom_as_cause",
        "Cause",
        "The incident occurred because the coupon was wrong.",
        "occurred because the coupon was wrong",
    ),
    ("symptom_as_cause", "Root cause", "Insufficient awareness among staff.", "Insufficient awareness"),
    ("symptom_as_cause", "Root cause", "The agent had overlooked the flag.", "overlooked the flag"),
    ("blame_language", "Summary", "Marketing has been sloppy once more.", "sloppy"),
    ("blame_language", "Summary", "What a mess.", "mess"),
    ("passive_hidden_actor", "Decision", "The coupon was deactivated at noon.", "coupon was deactivated"),
    ("passive_hidden_actor", "Decision", "Sellers have been compensated.", "Sellers have been compensated"),
    ("passive_hidden_actor", "Decision", "The decision to pay was taken the same day.", "decision to pay was taken"),
    ("vague_quantity", "Summary", "A multitude of orders came in within a very short time.", "A multitude of orders"),
    ("vague_quantity", "Summary", "It was noticed rather late.", "rather late"),
]


@pytest.mark.parametrize(("kind", "heading", "text", "words"), CASES)
def test_a_fault_is_marked_whatever_the_words(kind: str, heading: str, text: str, words: str) -> None:
    found = [mark.quote.text for mark in marks_of(document((heading, text))) if mark.kind == kind]
    assert bool(found) == bool(words)
    assert not words or any(words in quote or quote in words or _share(words, quote) for quote in found)


def _share(one: str, other: str) -> bool:
    """Half of the shorter one's words stand in both."""
    first, second = set(one.lower().split()), set(other.lower().split())
    return len(first & second) * 2 >= min(len(first), len(second))


def test_every_kind_that_stands_in_words_is_shown() -> None:
    shown = {DefectKind(kind) for kind, _, _, _ in CASES}
    # These three lie between two places and have tests of their own.
    assert shown == set(DefectKind) - {DefectKind.TIMELINE_GAP, DefectKind.TIMELINE_ORDER, DefectKind.CONTRADICTION}


@pytest.mark.parametrize(
    ("parts", "is_conflict"),
    [
        (
            [
                ("Summary", "The gate went live on 3 May 2026."),
                ("Timeline", "4 May 2026: the gate goes live in all shops."),
            ],
            True,
        ),
        ([("Summary", "In all, 312 buyers were hit."), ("Impact", "The fault hit 321 buyers.")], True),
        ([("Summary", "The fault hit 312 buyers."), ("Impact", "Of the 312 buyers, 213 wrote to us.")], False),
        (
            [("Summary", "We refunded EUR 4,120 to the buyers."), ("Money", "Refunds to buyers came to EUR 4,210.")],
            True,
        ),
        ([("Summary", "Fourteen sellers were affected."), ("Impact", "The 16 affected sellers lost two days.")], True),
        (
            [("Summary", "The account was closed on 9 May."), ("Decision", "Ada Roy closed the account on 11 May.")],
            True,
        ),
        ([("Summary", "The account was closed on 9 May. The case was closed on 11 May.")], False),
        ([("Summary", "Support answered 40 mails on 3 May and 52 mails on 4 May."), ("Impact", "Mails: 92.")], False),
    ],
)
def test_two_figures_or_days_for_one_fact(parts: list[tuple[str, str]], is_conflict: bool) -> None:
    found = [mark for mark in marks_of(document(*parts)) if mark.kind is DefectKind.CONTRADICTION]
    assert bool(found) is is_conflict
