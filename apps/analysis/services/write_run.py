"""Write what the engines say of a document: findings, scorecard, what was left out, and what it cost."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, Sum

from apps.analysis.choices import Engine, RunState
from apps.analysis.events import RunFinished
from apps.analysis.models import Finding, Run, ScorecardEntry
from apps.analysis.rules.port import Defect, FindingDraft, Status, Verdict
from apps.analysis.screening.candidate import RULES, Candidate
from apps.analysis.screening.risk import settled_risk
from apps.analysis.screening.scorecard import Judgement, settled, words_of
from apps.analysis.screening.screen import Screened, ScreenSettings, screen
from apps.analysis.services.read_replies import ModelSays, Provenance
from apps.documents.models import Section
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish


@dataclass(frozen=True, slots=True)
class RulesSay:
    """All that the built-in reviewer says, within the framework of the run."""

    verdicts: dict[int, Verdict]
    defects: tuple[Defect, ...]
    found: tuple[FindingDraft, ...]
    is_severe: bool


def write_run(run: Run, *, sections: list[Section], rules: RulesSay, model: ModelSays, state: RunState) -> None:
    """Replace what the run has by this, and announce it when it is finished. Called inside the stage's fenced transaction."""
    by_index = {section.index: section for section in sections}
    framework = run.framework.text()
    screening = ScreenSettings(
        min_confidence=settings.FEEDBACK_MIN_CONFIDENCE,
        default_risks={point.number: point.default_risk for point in framework.points},
        is_severe=rules.is_severe,
    )
    screened = screen([*_from_rules(rules.found), *model.candidates], settings=screening)
    judgements = _judgements(rules, model, screening=screening, points=[point.number for point in framework.points])
    run.findings.all().delete()
    run.scorecard.all().delete()
    findings = _findings(run, screened, by_index, model.provenance)
    Finding.objects.bulk_create(findings)
    ScorecardEntry.objects.bulk_create(_entry(run, judgement, by_index) for judgement in judgements)
    run.defects = [_defect(one) for one in rules.defects]
    run.hidden_count, run.duplicate_count = screened.hidden_count, screened.duplicate_count
    _note_model(run, model)
    run.state, run.finished_at = state, now() if state is RunState.FINISHED else None
    run.save()
    if state is RunState.FINISHED:
        gaps = sum(judgement.verdict.status == Status.GAP for judgement in judgements)
        _announce(run, finding_count=len(findings), gap_count=gaps)


def _from_rules(found: Iterable[FindingDraft]) -> list[Candidate]:
    return [Candidate(draft, (RULES,)) for draft in found]


def _judgements(
    rules: RulesSay, model: ModelSays, *, screening: ScreenSettings, points: list[int]
) -> tuple[Judgement, ...]:
    lifted = [
        settled_risk(candidate, defaults=screening.default_risks, is_severe=screening.is_severe).draft
        for candidate in model.candidates
    ]
    words = [*words_of(lifted, threshold=screening.min_confidence), *model.checked]
    return settled(points, verdicts=rules.verdicts, words=words)


def _note_model(run: Run, model: ModelSays) -> None:
    """Who answered, who did not, and what was billed, from the stored replies."""
    answered = sorted({source.model_id for source in model.provenance.values()})
    run.engines = [Engine.RULES.value, *([Engine.MODEL.value] if answered else [])]
    run.model_id = ", ".join(answered)[:200]
    run.prompt_version = ", ".join(sorted({source.prompt_version for source in model.provenance.values()}))[:60]
    run.model_problem_code = model.problem_code
    run.rules_only_sections = list(model.rules_only)
    run.sections_without_model = len(model.rules_only)
    run.unlocated_quote_count = model.unlocated_quotes
    used = run.replies.aggregate(
        calls=Sum("calls", default=0),
        read=Sum("tokens_in", default=0),
        written=Sum("tokens_out", default=0),
        cents=Sum("cost_usd_cents"),
    )
    run.model_calls, run.tokens_in, run.tokens_out = used["calls"], used["read"], used["written"]
    run.cached_replies = run.replies.filter(is_cached=True).count()
    is_priced = not run.replies.filter(Q(cost_usd_cents__isnull=True)).exists()
    run.cost_usd_cents = (used["cents"] or 0) if is_priced else None


def _announce(run: Run, *, finding_count: int, gap_count: int) -> None:
    document_id = run.version.document_id
    record(
        "analysis.finished",
        actor=None,
        target=document_id,
        detail={"findings": finding_count, "gaps": gap_count, "engines": "+".join(run.engines)},
    )
    publish(RunFinished(run_id=run.id, document_id=document_id, finding_count=finding_count, gap_count=gap_count))


def _findings(
    run: Run,
    screened: Screened,
    by_index: dict[int, Section],
    provenance: dict[tuple[int, str], Provenance],
) -> list[Finding]:
    """Shown ones first; two of equal fingerprint are one."""
    shown = [(candidate, False) for candidate in screened.kept] + [(candidate, True) for candidate in screened.hidden]
    rows: dict[str, Finding] = {}
    for ordinal, (candidate, is_hidden) in enumerate(shown):
        row = _finding(run, candidate, by_index[candidate.draft.quote.section])
        row.ordinal, row.is_hidden = ordinal, is_hidden
        _name_sources(row, candidate, provenance)
        rows.setdefault(row.fingerprint, row)
    return list(rows.values())


def _finding(run: Run, candidate: Candidate, section: Section) -> Finding:
    draft, quote = candidate.draft, candidate.draft.quote
    if section.text[quote.start : quote.end] != quote.text:
        message = "a finding's quote is not in its section"
        raise ValueError(message)
    return Finding(
        run=run,
        section=section,
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
    )


def _name_sources(row: Finding, candidate: Candidate, provenance: dict[tuple[int, str], Provenance]) -> None:
    models = [name for name in candidate.sources if name != RULES]
    if not models:
        row.engine = Engine.RULES
        return
    row.engine = Engine.BOTH if RULES in candidate.sources else Engine.MODEL
    source = provenance[candidate.draft.quote.section, models[0]]
    row.model_id, row.prompt_version, row.is_cached = source.model_id, source.prompt_version, source.is_cached


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


def _entry(run: Run, judgement: Judgement, by_index: dict[int, Section]) -> ScorecardEntry:
    verdict, quote = judgement.verdict, judgement.verdict.quote
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
        engine=judgement.by.value,
        other_status=judgement.other.value if judgement.other else "",
        other_reason=judgement.other_reason,
    )


def _defect(one: Defect) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "section": one.quote.section,
        "quote": one.quote.text,
        "start": one.quote.start,
        "end": one.quote.end,
    }
