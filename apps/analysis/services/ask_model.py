"""Ask the configured models everything that is not answered yet: some questions at a time, outside any transaction.

The threads only wait for the network. Every row is read and written by the thread of the stage itself, which also looks whether
the review is still wanted.
"""

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from django.conf import settings

from apps.analysis.errors import ModelBudgetSpentError
from apps.analysis.models import Reply, Run
from apps.analysis.parsing.read_reply import repair_message
from apps.analysis.services.kept_replies import ReplyShelf
from apps.analysis.services.read_replies import Place, reading_of
from apps.analysis.services.section_questions import Question, asked_again
from apps.kernel.errors import DomainError, UnavailableError
from apps.kernel.jobs.errors import StageStoppedError
from apps.kernel.jobs.stages import StageContext
from apps.kernel.llm.errors import ModelAccessError, ModelNotAllowedError, ModelPausedError, NoModelError
from apps.kernel.llm.port import ModelReply
from apps.kernel.llm.registry import current_models, current_route

_LOOK_EVERY_S = 0.25
_LAST_WORDS_S = 2.0
_MOST_ATTEMPTS = 2
# None of these is any different for the next section.
_HOPELESS = (ModelAccessError, ModelNotAllowedError, NoModelError, ModelPausedError)


@dataclass(slots=True)
class _Hope:
    """Whether asking on makes sense: a model that is down would otherwise keep every section waiting for its deadline."""

    ends_at: float
    in_a_row: int = 0
    given_up: str = ""

    def answered(self) -> None:
        self.in_a_row = 0

    def failed(self, error: DomainError) -> None:
        if isinstance(error, UnavailableError):
            self.in_a_row += 1
        if isinstance(error, _HOPELESS) or self.in_a_row >= settings.LLM_GIVE_UP_AFTER:
            self.given_up = self.given_up or error.code

    def reason_to_stop(self) -> str:
        if not self.given_up and time.monotonic() > self.ends_at:
            self.given_up = ModelBudgetSpentError.code
        return self.given_up


@dataclass(slots=True)
class _Work:
    """What is still to be asked, what is on its way, and what stayed without an answer."""

    waiting: list[Question] = field(default_factory=list)
    asked: dict[Future[ModelReply], Question] = field(default_factory=dict)
    unanswered: dict[Place, str] = field(default_factory=dict)
    done: int = 0


def ask_everything(
    run: Run, questions: tuple[Question, ...], *, points: frozenset[int], context: StageContext
) -> dict[Place, str]:
    """Store an answer to each question; returns the places that have none, with the reason's code.

    What this run has stored is not asked again; an earlier run's answer to the same question is taken and marked as cached.
    StageStoppedError and StaleLeaseError pass.
    """
    shelf = ReplyShelf(run, models=tuple(model.name for model in current_models()))
    return _Asking(shelf, points=points, context=context, total=len(questions)).run(questions)


class _Asking:
    """One pass over the questions of a run."""

    def __init__(self, shelf: ReplyShelf, *, points: frozenset[int], context: StageContext, total: int) -> None:
        self._shelf = shelf
        self._points = points
        self._context = context
        self._total = total
        self._work = _Work()
        self._hope = _Hope(ends_at=time.monotonic() + settings.LLM_RUN_BUDGET_S)

    def run(self, questions: tuple[Question, ...]) -> dict[Place, str]:
        self._work.waiting = [open_one for one in questions if (open_one := self._still_open(one))]
        self._work.done = self._total - len(self._work.waiting)
        self._report("")
        pool = ThreadPoolExecutor(max_workers=max(1, settings.LLM_PARALLEL), thread_name_prefix="section")
        try:
            self._ask_all(pool)
        except StageStoppedError:
            self._keep_last_words()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return self._work.unanswered

    def _still_open(self, question: Question) -> Question | None:
        """The question that is left to ask: none when it is answered, the follow-up when its answer was of no use."""
        kept = self._shelf.of_this_run(question)
        if kept is None:
            usable = (one for one in self._shelf.earlier(question) if self._complaint(one, question) is None)
            earlier = next(usable, None)
            if earlier is None:
                return question
            self._shelf.keep_copy(question, earlier)
            return None
        return self._follow_up(kept, question)

    def _ask_all(self, pool: ThreadPoolExecutor) -> None:
        work = self._work
        ask: Callable[[Question], ModelReply] = _ask
        while work.waiting or work.asked:
            if code := self._hope.reason_to_stop():
                work.unanswered |= {question.place: code for question in work.waiting}
                work.waiting.clear()
            while work.waiting and len(work.asked) < settings.LLM_PARALLEL:
                question = work.waiting.pop(0)
                work.asked[pool.submit(ask, question)] = question
            done, _ = wait(work.asked, timeout=_LOOK_EVERY_S, return_when=FIRST_COMPLETED)
            for future in done:
                self._take(future, work.asked.pop(future))
            self._context.stop_if_cancelled()

    def _take(self, future: Future[ModelReply], question: Question) -> None:
        try:
            answer = future.result()
        except DomainError as error:
            self._hope.failed(error)
            if self._shelf.keep_refusal(question, error) is None:
                self._work.unanswered[question.place] = error.code
        else:
            self._hope.answered()
            follow_up = self._follow_up(self._shelf.keep(question, answer), question)
            if follow_up is not None:
                self._work.waiting.insert(0, follow_up)
                return
        self._work.done += 1
        self._report(question.text.heading)

    def _follow_up(self, reply: Reply, question: Question) -> Question | None:
        complaint = self._complaint(reply, question)
        if complaint is None or reply.attempt >= _MOST_ATTEMPTS:
            return None
        return asked_again(question, answer=reply.text, complaint=complaint)

    def _complaint(self, reply: Reply, question: Question) -> str | None:
        """What is wrong with an answer that cannot be used; None for a good one, and for a refusal."""
        read = reading_of(reply, text=question.text, points=self._points)
        return repair_message(read) if read is not None and read.needs_repair else None

    def _keep_last_words(self) -> None:
        """Stopped: what is on its way is waited for a moment, because it is billed; the rest is let go."""
        done, _ = wait(self._work.asked, timeout=_LAST_WORDS_S)
        for future in done:
            if future.exception() is None:
                self._shelf.keep(self._work.asked[future], future.result())

    def _report(self, heading: str) -> None:
        self._context.report(self._work.done, self._total, heading)


def _ask(question: Question) -> ModelReply:
    return current_route().ask(question.request)
