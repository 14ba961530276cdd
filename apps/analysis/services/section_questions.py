"""The questions that a model is asked about a document: one for each window of each section."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import TypedDict

from django.conf import settings

from apps.analysis.frameworks.reader import FrameworkText
from apps.analysis.parsing.reply_schema import DESCRIPTION, NAME, schema_json
from apps.analysis.prompts.render import MAX_RULE_FINDINGS, Brief, Passage, PointBrief, PromptSettings, section_request
from apps.analysis.prompts.windows import Window, windows_of
from apps.analysis.rules.port import FindingDraft, SectionText
from apps.documents.models import Section
from apps.kernel.llm.port import ModelRequest, Part, ReplyShape, Speaker

_MAX_ITEMS = 10


class Remark(TypedDict):
    """An item of the built-in reviewer as a question lists it."""

    points: list[int]
    type: str
    kind: str


@dataclass(frozen=True, slots=True)
class Question:
    """One request about section.text[window.start:window.end]; `attempt` 2 asks for a better answer than the first."""

    section: Section
    text: SectionText
    window: Window
    request: ModelRequest
    remarks: tuple[Remark, ...]
    key: str
    attempt: int = 1

    @property
    def place(self) -> tuple[int, int]:
        """Section index and window number: unique in a run."""
        return self.text.index, self.window.number


def questions_about(
    sections: list[Section],
    *,
    texts: tuple[SectionText, ...],
    found: tuple[FindingDraft, ...],
    framework: FrameworkText,
    framework_source: str,
) -> tuple[Question, ...]:
    """Every question of a document in reading order; sections without text have none."""
    brief = _brief(framework, texts)
    asking = _prompt_settings(brief)
    digest = hashlib.sha256(framework_source.encode()).hexdigest()
    questions: list[Question] = []
    for section, text in zip(sections, texts, strict=True):
        if not text.text.strip():
            continue
        own = tuple(draft for draft in found if draft.quote.section == text.index)[:MAX_RULE_FINDINGS]
        remarks = tuple(Remark(points=list(one.points), type=one.type.value, kind=one.kind) for one in own)
        for window in _windows(text.text):
            passage = Passage(section=text, window=window, rule_findings=own)
            request = section_request(passage, brief=brief, nonce=secrets.token_hex(16), settings=asking)
            key = _key(text, window=window, framework_digest=digest)
            questions.append(Question(section, text, window, request, remarks, key))
    return tuple(questions)


def asked_again(question: Question, *, answer: str, complaint: str) -> Question:
    """The one follow-up that says what was wrong with the first answer."""
    parts = (*question.request.parts, Part(answer, Speaker.MODEL), Part(complaint))
    return replace(question, request=replace(question.request, parts=parts), attempt=question.attempt + 1)


def _windows(text: str) -> tuple[Window, ...]:
    return windows_of(text, limit_chars=settings.LLM_WINDOW_CHARS, overlap_chars=settings.LLM_WINDOW_OVERLAP_CHARS)


def _key(text: SectionText, *, window: Window, framework_digest: str) -> str:
    """Equal for the same words of the same section, asked with the same prompt about the same framework.

    The model is compared by its name beside it. Outline and remarks are left out: a heading changed elsewhere, or a rule, does
    not make what a model said of these words any less true, and the remarks that its checks mean are kept with the answer.
    """
    parts = [
        settings.LLM_PROMPT_SECTION_REVIEW,
        framework_digest,
        text.kind,
        text.heading,
        text.text[window.start : window.end],
    ]
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _brief(framework: FrameworkText, texts: tuple[SectionText, ...]) -> Brief:
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
