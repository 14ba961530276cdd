"""A run with a model: rules first, then every section once, and one honest result of both."""

import html
import json
import re
import time
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from apps.analysis.models import Finding, Reply, Run, ScorecardEntry
from apps.documents.models import Section
from apps.feedback.models import Item
from apps.kernel.jobs import runner, wake
from apps.kernel.jobs.selectors import latest_job
from apps.kernel.jobs.services import run_inline
from apps.kernel.tenancy.context import inside
from tests.analysis.conftest import MODEL, write_up
from tests.doubles.bedrock_wire import Call, Fails, Raw, Says


def run_of(document_id: str) -> Run:
    return Run.objects.filter(version__document_id=document_id, state="finished").latest("created_at")


def section_text(call: Call) -> str:
    return re.search(r"\nTEXT\n(.*?)\n</document-", call.prompt, re.DOTALL)[1]  # type: ignore[index]


def item(quote: str, *, points: list[int], kind: str = "important", **more: object) -> dict[str, object]:
    return {
        "points": points,
        "type": kind,
        "risk": "Medium",
        "confidence": 0.92,
        "quote": quote,
        "description": "The model's own remark.",
        "suggestion": "Say how many.",
        **more,
    }


def says_of_each_section(*items: dict[str, object], checks: list[dict[str, object]] | None = None):
    return lambda _call: Says(structure={"items": list(items), "checks": checks or []})


def test_every_section_is_asked_once_and_each_item_says_where_it_comes_from(wire, uploaded):
    document_id = uploaded(write_up(5))
    run = run_of(document_id)
    assert wire.call_count == 5
    assert len({section_text(call) for call in wire.calls}) == 5
    assert (run.engines, run.model_id, run.prompt_version) == (["rules", "model"], MODEL, "section_review.v1")
    assert (run.rules_only_sections, run.model_problem_code) == ([], "")
    found = list(Finding.objects.filter(run=run))
    assert {one.engine for one in found} >= {"rules", "model"}
    for one in found:
        assert one.section.text[one.start : one.end] == one.quote
        assert bool(one.model_id) == (one.engine != "rules")
        assert bool(one.prompt_version) == (one.engine != "rules")
        assert one.is_cached is False
    assert set(Item.objects.values_list("fingerprint", flat=True)) == {one.fingerprint for one in found}


def test_what_the_rules_find_is_there_before_the_model_is_asked(wire, uploaded):
    seen = []

    def act(_call: Call) -> Says:
        seen.append(True)
        return Says()

    wire.otherwise = act
    document_id = uploaded(write_up(3))
    stages = [stage.name for stage in latest_job(document_id).stages.all()]
    assert stages.index("feedback.draft") < stages.index("analysis.ask_model")
    assert len(seen) == 3


def test_sections_are_asked_side_by_side_up_to_the_setting(wire, uploaded, settings):
    settings.LLM_PARALLEL = 3
    wire.otherwise = lambda _call: Says(delay_s=0.1)
    uploaded(write_up(9))
    assert wire.most_at_once == 3


def test_a_section_longer_than_a_window_is_asked_in_parts_and_nothing_is_cut(wire, uploaded, settings):
    settings.LLM_WINDOW_CHARS, settings.LLM_WINDOW_OVERLAP_CHARS = 120, 20
    document_id = uploaded(write_up(1))
    replies = Reply.objects.filter(run=run_of(document_id)).order_by("window")
    assert replies.count() == wire.call_count == 2
    text = replies[0].section.text
    assert (replies[0].start, replies[1].end) == (0, len(text))
    assert replies[1].start < replies[0].end


def test_a_quote_that_stands_nowhere_is_counted_and_never_shown(wire, uploaded):
    wire.otherwise = says_of_each_section(
        item("many buyers  wrote\nto the seller", points=[1]), item("the seller confessed to everything", points=[2])
    )
    document_id = uploaded(write_up(2))
    assert run_of(document_id).unlocated_quote_count == 2
    quotes = set(Item.objects.exclude(engine="rules").values_list("quote", flat=True))
    assert "many buyers wrote to the seller" in quotes
    assert not [quote for quote in quotes if "confessed" in quote]


def test_the_same_thing_said_by_both_is_one_item_that_names_both(wire, uploaded, settings):
    settings.LLM_MODELS = ()
    words = write_up(1, salt=" TBD")
    said = Finding.objects.filter(run=run_of(uploaded(words))).exclude(quote="").exclude(type="positive").first()
    assert said is not None
    settings.LLM_MODELS = (f"bedrock:{MODEL}",)
    wire.otherwise = says_of_each_section(item(said.quote, points=said.points, kind=said.type, example="[n] buyers"))
    run = run_of(uploaded(words))
    both = Finding.objects.get(run=run, engine="both")
    assert (both.quote, both.points, both.kind, both.description) == (
        said.quote,
        said.points,
        said.kind,
        said.description,
    )
    assert (both.model_id, both.example) == (MODEL, said.example or "[n] buyers")
    assert run.duplicate_count >= 1
    assert Item.objects.get(review__run=run, fingerprint=both.fingerprint).engine == "both"


def test_the_scorecard_says_who_decided_and_who_sees_it_otherwise(wire, uploaded, settings):
    settings.LLM_MODELS = ()
    by_rules = {entry.point: entry.status for entry in ScorecardEntry.objects.filter(run=run_of(uploaded(write_up(1))))}
    gap = next(point for point, status in by_rules.items() if status == "gap")
    no_gap = next(point for point, status in by_rules.items() if status != "gap")
    other_gap = next(point for point, status in by_rules.items() if status == "gap" and point != gap)
    settings.LLM_MODELS = (f"bedrock:{MODEL}",)
    wire.otherwise = says_of_each_section(
        item("", points=[gap], description="The model misses it too."),
        item("many buyers", points=[no_gap], kind="critical", risk="High", description="The model sees a gap here."),
        item("The team", points=[other_gap], kind="positive", description="The model finds this well done."),
    )
    run = run_of(uploaded(write_up(1)))
    card = {entry.point: entry for entry in run.scorecard.all()}
    assert (card[gap].status, card[gap].engine, card[gap].other_status) == ("gap", "both", "")
    assert (card[no_gap].status, card[no_gap].engine) == ("gap", "model")
    assert (card[no_gap].other_status, card[no_gap].reason) == (by_rules[no_gap], "The model sees a gap here.")
    assert (card[other_gap].status, card[other_gap].engine) == ("gap", "rules"), "a model never takes a gap away"
    assert card[other_gap].other_status == "satisfied"
    assert card[other_gap].other_reason == "The model finds this well done."
    assert {entry.engine for point, entry in card.items() if point not in {gap, no_gap, other_gap}} == {"rules"}


def test_a_remark_that_the_model_disputes_stays_and_is_shown_as_disputed(wire, uploaded):
    def disputes(call: Call) -> Says:
        listed = call.prompt.split("REMARKS OF THE BUILT-IN REVIEWER", 1)[1].split("\nSECTION", 1)[0]
        numbers = [int(number) for number in re.findall(r"^(\d+)\. points", listed, re.MULTILINE)]
        checks = [{"remark": number, "agrees": False, "reason": "It is said elsewhere."} for number in numbers]
        return Says(structure={"items": [], "checks": checks})

    wire.otherwise = disputes
    run = run_of(uploaded(write_up(2)))
    disputed = run.scorecard.filter(status="gap", engine="rules", other_status="satisfied")
    assert disputed.exists()
    assert set(disputed.values_list("other_reason", flat=True)) == {"It is said elsewhere."}


def test_an_answer_to_the_same_words_is_taken_from_the_cache_and_says_so(wire, uploaded):
    uploaded(write_up(4))
    asked = wire.call_count
    run = run_of(uploaded(write_up(4)))
    assert wire.call_count == asked == 4
    assert (run.cached_replies, run.model_calls, run.tokens_in, run.tokens_out) == (4, 0, 0, 0)
    from_model = Finding.objects.filter(run=run).exclude(engine="rules")
    assert from_model.exists()
    assert set(from_model.values_list("is_cached", flat=True)) == {True}
    assert set(Item.objects.filter(review__run=run).exclude(engine="rules").values_list("is_cached", flat=True)) == {
        True
    }


@pytest.mark.parametrize("change", ["words", "model", "framework", "prompt"])
def test_the_cache_is_not_used_for_another_question(wire, uploaded, settings, monkeypatch, cast_a, change):
    uploaded(write_up(2))
    if change == "model":
        settings.LLM_MODELS = ("bedrock:another.model-v1:0",)
    if change == "framework":
        from apps.analysis.frameworks.reader import hawkeye_source
        from apps.analysis.services.adopt_framework import adopt_framework

        adopt_framework(cast_a.org_admin, slug="hawkeye", source=hawkeye_source() + "\n# seen by us\n")
    if change == "prompt":
        from apps.analysis.prompts import library

        monkeypatch.setattr(
            library, "prompt_text", lambda _name: "{{points}}{{hints}}{{tool}}{{language}}{{max_items}}"
        )
        settings.LLM_PROMPT_SECTION_REVIEW = "section_review.v2"
    uploaded(write_up(2, salt=" again" if change == "words" else ""))
    assert wire.call_count == 4


def test_the_cache_never_crosses_organizations(wire, uploaded, tenant_b, cast_b, client_for):
    uploaded(write_up(2))
    document_id = uploaded(write_up(2), client=client_for(cast_b.analyst, tenant_b))
    assert wire.call_count == 4
    with inside(tenant_b):
        assert run_of(document_id).cached_replies == 0


def test_replies_are_read_again_without_asking_anybody(wire, uploaded, settings):
    """A fault in reading costs no tokens: the replies lie there as they came."""
    document_id = uploaded(write_up(2))
    run = run_of(document_id)
    before = set(Finding.objects.filter(run=run).values_list("fingerprint", "engine", "is_hidden"))
    asked = wire.call_count
    Finding.objects.filter(run=run, engine="model").delete()
    call_command("replay_run", document_id, tenant="alpha", stdout=StringIO())
    assert set(Finding.objects.filter(run=run).values_list("fingerprint", "engine", "is_hidden")) == before

    settings.FEEDBACK_MIN_CONFIDENCE = 0.99
    call_command("replay_run", document_id, tenant="alpha", stdout=StringIO())
    assert set(Finding.objects.filter(run=run, engine="model").values_list("is_hidden", flat=True)) == {True}
    assert wire.call_count == asked
    run.refresh_from_db()
    assert (run.model_problem_code, run.rules_only_sections, run.state) == ("", [], "finished")


def test_reading_again_keeps_what_was_not_answered(wire, uploaded):
    wire.script = [Says(), Fails(400, "ValidationException", "messages: roles must alternate")]
    document_id = uploaded(write_up(2))
    before = run_of(document_id).rules_only_sections
    assert [section["code"] for section in before] == ["model_request"]
    call_command("replay_run", document_id, tenant="alpha", stdout=StringIO())
    assert run_of(document_id).rules_only_sections == before


def test_what_a_reply_cost_is_kept_with_the_price_it_was_reckoned_by(wire, uploaded, settings, tmp_path):
    prices = tmp_path / "prices.yaml"
    prices.write_text(
        f"- model: {MODEL}\n  usd_per_1000_tokens_read: '0.01'\n  usd_per_1000_tokens_written: '0.05'\n"
        "  source: contract 17\n  read_on: 2026-01-10\n"
    )
    settings.LLM_PRICES_FILE = str(prices)
    run = run_of(uploaded(write_up(2)))
    replies = list(Reply.objects.filter(run=run))
    assert {(reply.price_source, reply.price_read_on) for reply in replies} == {("contract 17", date(2026, 1, 10))}
    for reply in replies:
        cents = (Decimal("0.01") * reply.tokens_in + Decimal("0.05") * reply.tokens_out) / 1000 * 100
        assert reply.cost_usd_cents == cents > 0
    assert run.tokens_in == sum(reply.tokens_in for reply in replies) == wire.tokens_read
    assert run.tokens_out == sum(reply.tokens_out for reply in replies) == wire.tokens_written
    assert run.cost_usd_cents == sum(reply.cost_usd_cents for reply in replies)
    assert run.model_calls == wire.call_count


def test_a_price_that_is_not_known_is_not_nothing(wire, uploaded):
    assert run_of(uploaded(write_up(1))).cost_usd_cents is None


def test_progress_goes_forward_section_by_section_and_names_them(wire, uploaded):
    from apps.kernel.events.models import StreamEvent

    wire.otherwise = lambda _call: Says(delay_s=0.2)
    document_id = uploaded(write_up(6))
    lines = [
        row.data
        for row in StreamEvent.objects.order_by("seq")
        if row.data.get("document_id") == document_id
        and row.data.get("stage") == "analysis.ask_model"
        and row.data["total"]
    ]
    done = [line["done"] for line in lines]
    assert done == sorted(done)
    assert {line["total"] for line in lines} == {6}
    assert done[-1] == 6
    headings = set(Section.objects.filter(version__document_id=document_id).values_list("heading", flat=True))
    assert {line["note"] for line in lines} & headings


def test_a_decision_made_while_the_model_was_asked_is_kept(wire, uploaded, cast_a, tenant_a, client_for):
    """The rules' items are on the desk before the model answers; what it adds leaves them as people left them."""
    wake._Circuit.closed_until = time.monotonic() + 600
    try:
        document_id = uploaded(write_up(2))
        job = latest_job(document_id)
        while latest_job(document_id).stages.filter(name="feedback.draft", state="completed").count() == 0:
            assert runner.run_stage(job.id)
        assert wire.call_count == 0
        client = client_for(cast_a.analyst, tenant_a)
        open_item = Item.objects.filter(engine="rules", is_hidden=False).first()
        desk = client.get(f"/documents/{document_id}/").content.decode()
        assert open_item.description in html.unescape(desk)
        client.post(f"/items/{open_item.id}/decide/", {"verdict": "accepted", "revision": "0"})
        assert run_inline(job.id).state == "completed"
    finally:
        wake._Circuit.closed_until = 0.0
    assert Item.objects.get(pk=open_item.id).state == "accepted"
    assert Item.objects.filter(engine="model").exists()


def test_a_reply_that_is_no_review_is_asked_for_once_more_and_then_left(wire, uploaded):
    wire.otherwise = lambda _call: Says(text="I would rather not.")
    run = run_of(uploaded(write_up(2)))
    assert wire.call_count == 4
    assert [section["code"] for section in run.rules_only_sections] == ["reply_not_understood"] * 2
    assert json.dumps(wire.calls[-1].body).count("could not be used") == 1


def test_a_second_answer_that_is_a_review_is_used(wire, uploaded):
    wire.script = [Says(text="hm"), Says()]
    run = run_of(uploaded(write_up(1)))
    assert wire.call_count == 2
    assert run.rules_only_sections == []
    assert Finding.objects.filter(run=run, engine="model").exists()


def test_a_body_that_is_no_answer_is_a_fault_of_the_model_and_not_ours(wire, uploaded, settings):
    settings.LLM_ATTEMPTS = 1
    wire.otherwise = lambda _call: Raw(b"<html>a proxy's page</html>")
    run = run_of(uploaded(write_up(1)))
    assert run.model_problem_code == "model_unavailable"
