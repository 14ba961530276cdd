"""The stages of a review: the built-in reviewer first, then the configured model, then one result of both."""

import hashlib
import json
import time
from dataclasses import dataclass

from django.conf import settings

from apps.analysis.choices import RunState
from apps.analysis.frameworks.reader import FrameworkText
from apps.analysis.models import Run
from apps.analysis.rules import reviewer
from apps.analysis.rules.port import Defect, SectionText
from apps.analysis.rules.risk import is_grave
from apps.analysis.selectors import newest_run
from apps.analysis.services.adopt_framework import framework_in_use
from apps.analysis.services.ask_model import ask_everything
from apps.analysis.services.read_replies import NOT_UNDERSTOOD, ModelSays, Place, read_stored
from apps.analysis.services.section_questions import questions_about
from apps.analysis.services.section_texts import section_texts
from apps.analysis.services.write_run import RulesSay, write_run
from apps.documents.models import Document, Section
from apps.documents.selectors import sections_of
from apps.kernel.jobs.stages import StageContext
from apps.kernel.llm.registry import current_models


@dataclass(frozen=True, slots=True)
class _Case:
    """What a run is about, as plain values."""

    sections: list[Section]
    texts: tuple[SectionText, ...]
    framework: FrameworkText

    @property
    def points(self) -> frozenset[int]:
        return frozenset(point.number for point in self.framework.points)


def review_by_rules(context: StageContext) -> None:
    """Write what the built-in reviewer finds; without a model the run is finished with that. Doing it twice changes nothing."""
    version = Document.objects.get(pk=context.subject_id).current_version()
    run, _ = Run.objects.get_or_create(
        job_id=context.job_id,
        defaults={"version": version, "framework": framework_in_use(), "settings_digest": _settings_digest()},
    )
    if run.state != RunState.RUNNING:
        return
    case = _case_of(run)
    started = time.monotonic()
    rules = _rules_say(case, context)
    run.timings_s = {"rules": _since(started), "total": _since(started)}
    state = RunState.RULES_DONE if current_models() else RunState.FINISHED
    with context.fenced():
        write_run(run, sections=case.sections, rules=rules, model=ModelSays(), state=state)


def ask_model(context: StageContext) -> None:
    """Have the model read every section, and finish the run with what both engines say. A resumed run asks only what is missing."""
    run = Run.objects.get(job_id=context.job_id)
    if run.state == RunState.FINISHED:
        return
    case = _case_of(run)
    started = time.monotonic()
    rules = _rules_say(case)
    unanswered: dict[Place, str] = {}
    if current_models():
        questions = questions_about(
            case.sections,
            texts=case.texts,
            found=rules.found,
            framework=case.framework,
            framework_source=run.framework.source,
        )
        unanswered = ask_everything(run, questions, points=case.points, context=context)
    asked_s = _since(started)
    says = read_stored(run, texts=case.texts, points=case.points, unanswered=unanswered)
    total_s = run.timings_s.get("rules", 0.0) + _since(started)
    run.timings_s = {**run.timings_s, "model": asked_s, "total": round(total_s, 4)}
    with context.fenced():
        write_run(run, sections=case.sections, rules=rules, model=says, state=RunState.FINISHED)


def replay_run(context: StageContext) -> None:
    """Read the stored replies of the newest finished run again, as the code of today understands them. No model is called."""
    run = newest_run(Document.objects.get(pk=context.subject_id).current_version())
    if run is None:
        return
    case = _case_of(run)
    unanswered = {
        # The window is not known any more and does not matter: what counts is that the section has an unread part.
        (section["index"], -1): section["code"]
        for section in run.rules_only_sections
        if section["code"] != NOT_UNDERSTOOD and not _has_refusal(run, section["index"])
    }
    says = read_stored(run, texts=case.texts, points=case.points, unanswered=unanswered)
    with context.fenced():
        write_run(run, sections=case.sections, rules=_rules_say(case), model=says, state=RunState.FINISHED)


def _case_of(run: Run) -> _Case:
    sections = list(sections_of(run.version))
    return _Case(sections, section_texts(sections), run.framework.text())


def _rules_say(case: _Case, context: StageContext | None = None) -> RulesSay:
    """The built-in reviewer over every section; with a context it tells how far it is."""
    opened = reviewer.begin(case.texts, case.framework)
    defects: list[Defect] = []
    for number, text in enumerate(case.texts):
        if context is not None:
            context.report(number, len(case.texts), text.heading)
        defects += reviewer.review_section(opened, text.index)
    verdicts = reviewer.judge(opened)
    if context is not None:
        context.report(len(case.texts), len(case.texts), "")
    found = reviewer.findings(opened, verdicts, tuple(defects))
    return RulesSay(verdicts, tuple(defects), found, is_severe=is_grave(opened.reading))


def _has_refusal(run: Run, index: int) -> bool:
    return run.replies.filter(section__index=index).exclude(error_code="").exists()


def _since(started: float) -> float:
    return round(time.monotonic() - started, 4)


def _settings_digest() -> str:
    """Changes when the same document could get another review."""
    shape = {
        "models": list(settings.LLM_MODELS),
        "prompt": settings.LLM_PROMPT_SECTION_REVIEW,
        "min_confidence": settings.FEEDBACK_MIN_CONFIDENCE,
    }
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()
