"""Replies as rows: what a model said is stored before anybody tries to understand it, with what it cost."""

import logging
from decimal import Decimal
from functools import cached_property

from django.db import IntegrityError, transaction

from apps.analysis.models import Reply, Run
from apps.analysis.services.section_questions import Question
from apps.kernel.errors import DomainError
from apps.kernel.llm.errors import tokens_of
from apps.kernel.llm.port import ModelReply, TokenCount
from apps.kernel.llm.prices import Price, PriceFileError
from apps.kernel.llm.registry import current_prices

logger = logging.getLogger(__name__)


class ReplyShelf:
    """The replies of one run, and those of earlier runs to the same questions."""

    def __init__(self, run: Run, *, models: tuple[str, ...]) -> None:
        self._run = run
        self._models = models

    def of_this_run(self, question: Question) -> Reply | None:
        """The last answer that this run has to the question, a refused one included."""
        replies = Reply.objects.filter(run=self._run, section=question.section, window=question.window.number)
        return replies.order_by("-attempt").first()

    def earlier(self, question: Question) -> list[Reply]:
        """Answers of other runs in this organization to the very same question, from the models in use; newest first."""
        found = Reply.objects.filter(question_key=question.key, model_id__in=self._models, error_code="")
        return list(found.exclude(run=self._run).exclude(is_cached=True).order_by("-created_at")[:3])

    def keep(self, question: Question, answer: ModelReply) -> Reply:
        """Store an answer as it came."""
        row = self._row(question, model=answer.model, usage=answer.usage)
        row.source, row.text = answer.source, answer.text.replace("\x00", "")
        row.calls, row.latency_s = answer.attempts, answer.latency_s
        return self._kept(row)

    def keep_copy(self, question: Question, earlier: Reply) -> Reply:
        """Store an earlier answer as this run's own, marked as cached; it costs nothing."""
        row = self._row(question, model=earlier.model_id, usage=TokenCount(0, 0))
        row.source, row.text, row.remarks = earlier.source, earlier.text, earlier.remarks
        row.is_cached, row.calls, row.cost_usd_cents = True, 0, Decimal(0)
        row.price_source, row.price_read_on = "", None
        return self._kept(row)

    def keep_refusal(self, question: Question, error: DomainError) -> Reply | None:
        """Store what a refused call was billed for; None when it was free."""
        usage = tokens_of(error)
        if not usage.total:
            return None
        row = self._row(question, model=str(error.fields.get("model", "")), usage=usage)
        row.error_code = error.code
        return self._kept(row)

    @cached_property
    def _prices(self) -> dict[str, Price]:
        try:
            return current_prices()
        except PriceFileError as error:
            # A review must not fail for it; the cost is then shown as not known.
            logger.error("price_file_unusable", extra={"reason": str(error)})
            return {}

    def _row(self, question: Question, *, model: str, usage: TokenCount) -> Reply:
        price = self._prices.get(model)
        return Reply(
            run=self._run,
            section=question.section,
            window=question.window.number,
            attempt=question.attempt,
            start=question.window.start,
            end=question.window.end,
            question_key=question.key,
            remarks=list(question.remarks),
            model_id=model[:200],
            prompt_version=question.request.prompt_version,
            tokens_in=usage.read,
            tokens_out=usage.written,
            cost_usd_cents=price.cost_usd_cents(usage) if price else None,
            price_source=price.source[:300] if price else "",
            price_read_on=price.read_on if price else None,
        )

    def _kept(self, row: Reply) -> Reply:
        """The saved row; another worker's earlier one wins, so that both go on with the same words."""
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return Reply.objects.get(run=row.run, section=row.section, window=row.window, attempt=row.attempt)
        return row
