"""Ask the configured model about one section, and keep its reply as it came."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.analysis.frameworks.reader import FrameworkText
from apps.analysis.models import Reply, Run
from apps.analysis.parsing.read_reply import Expectation, ReadReply, merged, read_reply
from apps.analysis.parsing.reply_schema import DESCRIPTION, NAME, schema_json
from apps.analysis.prompts.render import Brief, Passage, PointBrief, PromptSettings, section_request
from apps.analysis.prompts.windows import Window, windows_of
from apps.analysis.rules.port import FindingDraft, SectionText
from apps.documents.models import Section
from apps.kernel.llm.port import ReplyShape
from apps.kernel.llm.registry import current_models, current_route

_MAX_ITEMS = 10


@dataclass(frozen=True, slots=True)
class SectionReading:
    """What the model said of one section, and which model it was."""

    reply: ReadReply
    model_id: str
    prompt_version: str


def model_is_configured() -> bool:
    """Whether any model may be asked."""
    return bool(current_models())


def brief_for(framework: FrameworkText, texts: tuple[SectionText, ...]) -> Brief:
    """What is the same for every section of this document."""
    points = tuple(
        PointBrief(
            number=point.number,
            title=point.title,
            question=point.question,
            gap_when=point.gap_when,
            satisfied_when=point.satisfied_when,
            applies_when=point.applies_when,
        )
        for point in framework.points
    )
    return Brief(points=points, outline=tuple(text.heading for text in texts))


def ask_about(
    section: Section, *, text: SectionText, run: Run, brief: Brief, found: tuple[FindingDraft, ...]
) -> SectionReading:
    """The model's findings on one section; replies that are kept already are not asked for again.

    Raises a child of the errors in kernel.llm.errors when no model answers. Called outside any transaction.
    """
    asked = _prompt_settings(brief)
    readings = []
    model_id = ""
    windows = windows_of(
        text.text, limit_chars=settings.LLM_WINDOW_CHARS, overlap_chars=settings.LLM_WINDOW_OVERLAP_CHARS
    )
    for window in windows:
        reply = Reply.objects.filter(run=run, section=section, window=window.number).first()
        if reply is None:
            passage = Passage(section=text, window=window, rule_findings=found)
            request = section_request(passage, brief=brief, nonce=secrets.token_hex(16), settings=asked)
            answer = current_route().ask(request)
            reply = _kept(
                Reply(
                    run=run,
                    section=section,
                    window=window.number,
                    model_id=answer.model,
                    source=answer.source,
                    prompt_version=request.prompt_version,
                    text=answer.text.replace("\x00", ""),
                    tokens_in=answer.usage.read,
                    tokens_out=answer.usage.written,
                    latency_s=answer.latency_s,
                )
            )
        model_id = reply.model_id
        readings.append(_read(reply, text=text, window=window, brief=brief, remark_count=len(found)))
    return SectionReading(reply=merged(tuple(readings)), model_id=model_id, prompt_version=asked.prompt)


def _prompt_settings(brief: Brief) -> PromptSettings:
    schema = schema_json(point_numbers=tuple(point.number for point in brief.points), max_items=_MAX_ITEMS)
    return PromptSettings(
        shape=ReplyShape(name=NAME, description=DESCRIPTION, schema_json=schema),
        prompt=settings.LLM_PROMPT_SECTION_REVIEW,
        max_items=_MAX_ITEMS,
        max_output_tokens=settings.LLM_OUTPUT_MAX_TOKENS,
        temperature=settings.LLM_TEMPERATURE,
        deadline_s=settings.LLM_DEADLINE_S,
    )


def _read(reply: Reply, *, text: SectionText, window: Window, brief: Brief, remark_count: int) -> ReadReply:
    points = frozenset(point.number for point in brief.points)
    expected = Expectation(section=text, points=points, near=(window.start, window.end), remark_count=remark_count)
    return read_reply(reply.text, expected=expected)


def _kept(reply: Reply) -> Reply:
    """The saved reply; another worker's earlier one wins, so that both go on with the same words."""
    try:
        with transaction.atomic():
            reply.save(force_insert=True)
    except IntegrityError:
        return Reply.objects.get(run=reply.run, section=reply.section, window=reply.window)
    return reply
