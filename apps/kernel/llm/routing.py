"""Which model is asked, in which order, how often. The one layer that retries.

Each round asks the models in their order, once each; then it waits and goes round again. Attempts are counted over all
models together, so that a fallback never multiplies them.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from apps.kernel.llm.breaker import Breaker
from apps.kernel.llm.errors import (
    InputTooLargeError,
    ModelAccessError,
    ModelNotAllowedError,
    ModelPausedError,
    ModelThrottledError,
    ModelTimeoutError,
    ModelUnavailableError,
    NoModelError,
)
from apps.kernel.llm.port import LanguageModel, ModelReply, ModelRequest
from apps.kernel.llm.throttle import Throttle

_DICE = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to try and how long to wait in between."""

    attempts: int = 4
    """Calls for one request, over all models."""
    first_pause_s: float = 1.0
    longest_pause_s: float = 20.0
    max_input_tokens: int = 150_000

    def pause_s(self, round_number: int) -> float:
        """Seconds to wait after this round (from 1): doubling, with jitter between half and all of it."""
        full = min(self.longest_pause_s, self.first_pause_s * 2.0 ** (round_number - 1))
        return full * _DICE.uniform(0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Timing:
    """The passing of time, so that a test can own it."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Restraint:
    """What holds calls back, and how long a request goes on trying."""

    throttle: Throttle
    breaker: Breaker
    patience: Patience = field(default_factory=Patience)
    timing: Timing = field(default_factory=Timing)


class ModelRoute:
    """Asks the first usable of several models."""

    def __init__(self, models: Sequence[LanguageModel], *, restraint: Restraint) -> None:
        self.models = tuple(models)
        self._restraint = restraint

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the first answer, with the number of calls it took.

        Raises the last failure when nothing answered within the request's deadline or the allowed attempts; at once and
        after one call when trying again cannot help; without a call when the input is over the cap or no model is there.
        """
        limit = self._restraint.patience.max_input_tokens
        if request.estimated_input_tokens > limit:
            raise InputTooLargeError(tokens=request.estimated_input_tokens, limit=limit)
        return _Errand(request, candidates=self._candidates(request), restraint=self._restraint).run()

    def _candidates(self, request: ModelRequest) -> list[LanguageModel]:
        if not self.models:
            raise NoModelError
        if not request.models:
            return list(self.models)
        by_name = {model.name: model for model in self.models}
        if unknown := [name for name in request.models if name not in by_name]:
            raise ModelNotAllowedError(model=unknown[0][:80])
        return [by_name[name] for name in request.models]


class _Errand:
    """One request on its way to an answer."""

    def __init__(self, request: ModelRequest, *, candidates: list[LanguageModel], restraint: Restraint) -> None:
        self._request = request
        self._candidates = candidates
        self._hold = restraint
        self._ends_at = restraint.timing.clock() + request.deadline_s
        self._attempts = 0

    def run(self) -> ModelReply:
        round_number = 0
        while True:
            round_number += 1
            failures: list[ModelUnavailableError | ModelAccessError] = []
            for model in tuple(self._candidates):
                outcome = self._try(model)
                if isinstance(outcome, ModelReply):
                    return outcome
                failures.append(outcome)
                if isinstance(outcome, ModelAccessError):
                    self._candidates.remove(model)
                if self._attempts >= self._hold.patience.attempts:
                    raise outcome
            if not self._candidates:
                raise failures[-1]
            self._wait_after(failures, round_number=round_number)

    def _try(self, model: LanguageModel) -> ModelReply | ModelUnavailableError | ModelAccessError:
        if held_back := self._held_back(model):
            return held_back
        self._attempts += 1
        try:
            reply = model.ask(replace(self._request, deadline_s=self._remaining_s()))
        except ModelThrottledError as error:
            # A busy model is not a broken one: it is paused for everybody, and the breaker is not told.
            self._hold.throttle.pause(model.name, seconds=self._pause_s(error, round_number=self._attempts))
            return error
        except (ModelUnavailableError, ModelAccessError) as error:
            self._hold.breaker.record_failure(model.name)
            return error
        self._hold.breaker.record_success(model.name)
        return replace(reply, attempts=self._attempts)

    def _held_back(self, model: LanguageModel) -> ModelUnavailableError | None:
        if self._remaining_s() <= 0:
            return ModelTimeoutError(model=model.name, fault="deadline")
        # The turn first: a turn taken in vain costs a little quota, a trial taken in vain leaves the model alone for longer.
        if wait_s := self._hold.throttle.seconds_until_turn(model.name, tokens=self._tokens()):
            return ModelThrottledError(model=model.name, fault="own_limit", retry_after_s=wait_s)
        if wait_s := self._hold.breaker.seconds_until_usable(model.name):
            return ModelPausedError(model=model.name, retry_after_s=wait_s)
        return None

    def _wait_after(self, failures: list[ModelUnavailableError | ModelAccessError], *, round_number: int) -> None:
        """Sleep until the first of the failed models may be asked again; raise the last failure if that is too late."""
        waiting = [failure for failure in failures if isinstance(failure, ModelUnavailableError)]
        pause_s = min(self._pause_s(failure, round_number=round_number) for failure in waiting)
        if pause_s >= self._remaining_s():
            raise waiting[-1]
        self._hold.timing.sleep(pause_s)

    def _pause_s(self, failure: ModelUnavailableError, *, round_number: int) -> float:
        if failure.retry_after_s is None:
            return self._hold.patience.pause_s(round_number)
        return failure.retry_after_s

    def _tokens(self) -> int:
        return self._request.estimated_input_tokens + self._request.max_output_tokens

    def _remaining_s(self) -> float:
        return self._ends_at - self._hold.timing.clock()
