"""One section, the points and what the built-in reviewer found, as one question to a model."""

from dataclasses import dataclass, field

from apps.analysis.prompts.envelope import enclosed
from apps.analysis.prompts.library import filled
from apps.analysis.prompts.windows import Window
from apps.analysis.rules.port import FindingDraft, SectionText
from apps.kernel.llm.port import ModelRequest, Part, ReplyShape

MAX_OUTLINE_LINES = 200
MAX_RULE_FINDINGS = 40


@dataclass(frozen=True, slots=True)
class PointBrief:
    """What a model must know of one point of the framework."""

    number: int
    title: str
    question: str
    gap_when: str
    satisfied_when: str
    applies_when: str = ""
    """"" when it is judged in every document."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What is the same for every section of one document."""

    points: tuple[PointBrief, ...]
    outline: tuple[str, ...] = ()
    """Headings in reading order; document text, so untrusted."""
    hints: tuple[str, ...] = ()
    """Advice learned from people's decisions."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What one request is about."""

    section: SectionText
    window: Window
    rule_findings: tuple[FindingDraft, ...] = ()
    """The built-in reviewer's items on this section, in the order in which the model's checks refer to them."""


@dataclass(frozen=True, slots=True)
class PromptSettings:
    """How to ask."""

    shape: ReplyShape
    prompt: str = "section_review.v1"
    language: str = "English"
    max_items: int = 10
    max_output_tokens: int = 8192
    temperature: float | None = 0.0
    deadline_s: float = 60.0
    models: tuple[str, ...] = field(default=())


def section_request(passage: Passage, *, brief: Brief, nonce: str, settings: PromptSettings) -> ModelRequest:
    """Return the request for one window of a section.

    `nonce` is new for each request, 16 to 64 hexadecimal digits from a secure source. Everything that stems from the
    document (text, headings, the built-in reviewer's words about it) is inside the fence; nothing else is.
    """
    system = filled(
        settings.prompt,
        {
            "max_items": str(settings.max_items),
            "language": settings.language,
            "points": "\n".join(_point_line(point) for point in brief.points),
            "hints": _hint_lines(brief.hints),
            "nonce": nonce,
            "tool": settings.shape.name,
        },
    )
    listed = passage.rule_findings[:MAX_RULE_FINDINGS]
    content = _content(passage, listed=listed, outline=brief.outline)
    task = f"Review this section against the points, and check the {len(listed)} remarks of the built-in reviewer."
    return ModelRequest(
        system=system,
        parts=(Part(enclosed(content, nonce=nonce)), Part(task)),
        shape=settings.shape,
        max_output_tokens=settings.max_output_tokens,
        temperature=settings.temperature,
        deadline_s=settings.deadline_s,
        models=settings.models,
        purpose="section_review",
        prompt_version=settings.prompt,
    )


def _point_line(point: PointBrief) -> str:
    when = f" Judged only when: {point.applies_when}" if point.applies_when else ""
    return (
        f"{point.number}. {point.title}: {point.question} Gap: {point.gap_when} Satisfied: {point.satisfied_when}{when}"
    )


def _hint_lines(hints: tuple[str, ...]) -> str:
    return (
        "What this organization's reviewers prefer\n" + "\n".join(f"- {hint}" for hint in hints) + "\n\n"
        if hints
        else ""
    )


def _content(passage: Passage, *, listed: tuple[FindingDraft, ...], outline: tuple[str, ...]) -> str:
    section, window = passage.section, passage.window
    part = f" (part {window.number} of {window.count}; parts overlap)" if window.count > 1 else ""
    remarks = [
        f"{number}. points {', '.join(map(str, finding.points))}: {finding.description} [{finding.quote.text}]"
        for number, finding in enumerate(listed, start=1)
    ]
    blocks = [
        "OUTLINE",
        *_outline_lines(outline, here=section.index),
        "",
        "REMARKS OF THE BUILT-IN REVIEWER",
        *(remarks or ["(none)"]),
        "",
        f"SECTION {section.index}, kind {section.kind}, heading: {section.heading or '(none)'}{part}",
        "TEXT",
        section.text[window.start : window.end],
    ]
    return "\n".join(blocks)


def _outline_lines(outline: tuple[str, ...], *, here: int) -> list[str]:
    lines = [
        f"{index}. {heading or '(no heading)'}{' <- this one' if index == here else ''}"
        for index, heading in enumerate(outline)
    ]
    if len(lines) > MAX_OUTLINE_LINES:
        return [*lines[:MAX_OUTLINE_LINES], f"(and {len(lines) - MAX_OUTLINE_LINES} more)"]
    return lines or ["(none)"]
