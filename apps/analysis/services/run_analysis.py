"""Run the engines over a document: the built-in reviewer first, then the model, section by section."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from apps.analysis.choices import Engine, RunState
from apps.analysis.events import RunFinished
from apps.analysis.frameworks.reader import FrameworkText
from apps.analysis.models import Finding, Run, ScorecardEntry
from apps.analysis.rules import reviewer
from apps.analysis.rules.port import Defect, FindingDraft, SectionText, Status, Verdict
from apps.analysis.screening.candidate import RULES, Candidate
from apps.analysis.screening.screen import ScreenSettings, screen
from apps.analysis.services.adopt_framework import framework_in_use
from apps.analysis.services.model_pass import ask_about, brief_for, model_is_configured
from apps.analysis.services.section_texts import section_texts
from apps.documents.models import Document, Section
from apps.documents.selectors import sections_of
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import DomainError
from apps.kernel.events.bus import publish
from apps.kernel.jobs.stages import StageContext


@dataclass(slots=True)
class _ModelSays:
    """What came of the model pass."""

    candidates: list[Candidate] = field(default_factory=list)
    model_id: str = ""
    prompt_version: str = ""
    problem_code: str = ""
    sections_without: int = 0
    unlocated: int = 0


def run_analysis(context: StageContext) -> None:
    """Write the run's findings and scorecard; a resumed run keeps the replies it has and doubles nothing."""
    version = Document.objects.get(pk=context.subject_id).current_version()
    run, _ = Run.objects.get_or_create(
        job_id=context.job_id,
        defaults={"version": version, "framework": framework_in_use(), "settings_digest": _settings_digest()},
    )
    if run.state == RunState.FINISHED:
        return
    sections = list(sections_of(version))
    framework = run.framework.text()
    started = time.monotonic()
    texts = section_texts(sections)
    verdicts, defects, found = _rules_pass(texts, context.report)
    rules_s = time.monotonic() - started
    says = _model_pass(run, sections=sections, texts=texts, found=found, framework=framework, context=context)
    run.timings_s = {"rules": round(rules_s, 4), "total": round(time.monotonic() - started, 4)}
    with context.fenced():
        _write(
            run,
            sections=sections,
            verdicts=verdicts,
            defects=defects,
            candidates=[*_from_rules(found), *says.candidates],
            says=says,
        )


def _rules_pass(
    texts: tuple[SectionText, ...], report: Callable[[int, int, str], None]
) -> tuple[dict[int, Verdict], tuple[Defect, ...], tuple[FindingDraft, ...]]:
    """The built-in reviewer over every section, telling how far it is."""
    reading = reviewer.begin(texts)
    defects: list[Defect] = []
    for number, text in enumerate(texts, start=1):
        report(number - 1, len(texts), text.heading)
        defects += reviewer.review_section(reading, text.index)
    verdicts = reviewer.judge(reading)
    report(len(texts), len(texts), "")
    every_defect = tuple(defects)
    return verdicts, every_defect, reviewer.findings(reading, verdicts, every_defect)


def _model_pass(
    run: Run,
    *,
    sections: list[Section],
    texts: tuple[SectionText, ...],
    found: tuple[FindingDraft, ...],
    framework: FrameworkText,
    context: StageContext,
) -> _ModelSays:
    """The model over every section that has text; when it fails, the run says so and goes on with the rules alone."""
    says = _ModelSays()
    if not model_is_configured():
        return says
    brief = brief_for(framework, texts)
    asked = [(section, text) for section, text in zip(sections, texts, strict=True) if text.text.strip()]
    for number, (section, text) in enumerate(asked):
        context.report(number, len(asked), text.heading)
        try:
            own = tuple(draft for draft in found if draft.quote.section == text.index)
            reading = ask_about(section, text=text, run=run, brief=brief, found=own)
        except DomainError as error:
            says.problem_code = error.code
            says.sections_without += 1
            continue
        says.model_id, says.prompt_version = reading.model_id, reading.prompt_version
        says.unlocated += sum(
            problem.count for problem in reading.reply.problems if problem.code == "quote_not_in_section"
        )
        says.candidates += [Candidate(draft, (reading.model_id,)) for draft in reading.reply.findings]
    context.report(len(asked), len(asked), "")
    return says


def _from_rules(found: tuple[FindingDraft, ...]) -> list[Candidate]:
    return [Candidate(draft, (RULES,)) for draft in found]


def _write(
    run: Run,
    *,
    sections: list[Section],
    verdicts: dict[int, Verdict],
    defects: tuple[Defect, ...],
    candidates: list[Candidate],
    says: _ModelSays,
) -> None:
    """Replace what an interrupted attempt may have left, and finish the run."""
    by_index = {section.index: section for section in sections}
    screened = screen(candidates, settings=ScreenSettings(min_confidence=settings.FEEDBACK_MIN_CONFIDENCE))
    run.findings.all().delete()
    run.scorecard.all().delete()
    shown = [(candidate, False) for candidate in screened.kept] + [(candidate, True) for candidate in screened.hidden]
    rows = [
        _finding(run, candidate, by_index, ordinal=n, is_hidden=hidden, says=says)
        for n, (candidate, hidden) in enumerate(shown)
    ]
    unique = list({row.fingerprint: row for row in rows}.values())
    Finding.objects.bulk_create(unique)
    ScorecardEntry.objects.bulk_create(_entry(run, verdict, by_index) for verdict in verdicts.values())
    run.defects = [
        {
            "kind": one.kind.value,
            "section": one.quote.section,
            "quote": one.quote.text,
            "start": one.quote.start,
            "end": one.quote.end,
        }
        for one in defects
    ]
    run.engines = [Engine.RULES.value, *([Engine.MODEL.value] if says.model_id else [])]
    run.model_id, run.prompt_version = says.model_id, says.prompt_version
    run.model_problem_code, run.sections_without_model = says.problem_code, says.sections_without
    run.unlocated_quote_count = says.unlocated
    run.hidden_count, run.duplicate_count = screened.hidden_count, screened.duplicate_count
    run.state, run.finished_at = RunState.FINISHED, now()
    run.save()
    gaps = sum(verdict.status == Status.GAP for verdict in verdicts.values())
    document_id: UUID = run.version.document_id
    record(
        "analysis.finished",
        actor=None,
        target=document_id,
        detail={"findings": len(unique), "gaps": gaps, "engines": "+".join(run.engines)},
    )
    publish(RunFinished(run_id=run.id, document_id=document_id, finding_count=len(unique), gap_count=gaps))


def _finding(
    run: Run, candidate: Candidate, by_index: dict[int, Section], *, ordinal: int, is_hidden: bool, says: _ModelSays
) -> Finding:
    draft = candidate.draft
    is_rules = candidate.sources[0] == RULES
    section = by_index[draft.quote.section]
    quote = draft.quote
    if section.text[quote.start : quote.end] != quote.text:
        message = "a finding's quote is not in its section"
        raise ValueError(message)
    return Finding(
        run=run,
        section=section,
        ordinal=ordinal,
        fingerprint=_fingerprint(draft, section),
        points=list(draft.points),
        type=draft.type.value,
        risk=draft.risk.value,
        confidence=draft.confidence,
        start=quote.start,
        end=quote.end,
        quote=quote.text,
        kind=draft.kind,
        description=draft.description,
        suggestion=draft.suggestion,
        example=draft.example,
        questions=list(draft.questions),
        engine=Engine.RULES if is_rules else Engine.MODEL,
        model_id="" if is_rules else candidate.sources[0],
        prompt_version="" if is_rules else says.prompt_version,
        is_hidden=is_hidden,
    )


def _fingerprint(draft: FindingDraft, section: Section) -> str:
    """The same for the same thing said of the same words, whichever run finds it."""
    parts = [
        section.id,
        draft.points[0],
        draft.kind,
        draft.type.value,
        draft.quote.start,
        draft.quote.end,
        draft.description,
    ]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _entry(run: Run, verdict: Verdict, by_index: dict[int, Section]) -> ScorecardEntry:
    quote = verdict.quote
    return ScorecardEntry(
        run=run,
        point=verdict.point,
        status=verdict.status.value,
        risk=verdict.risk.value if verdict.risk else "",
        confidence=verdict.confidence,
        section=by_index[quote.section] if quote else None,
        start=quote.start if quote else 0,
        end=quote.end if quote else 0,
        quote=quote.text if quote else "",
        reason=verdict.reason,
    )


def _settings_digest() -> str:
    """Changes when the same document could get another review."""
    shape = {"models": list(settings.LLM_MODELS), "min_confidence": settings.FEEDBACK_MIN_CONFIDENCE}
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()
