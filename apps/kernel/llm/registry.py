"""The models that this installation may use, in order, built from settings. With nothing set there is none: rules only."""

import functools
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from apps.kernel.llm.breaker import Breaker, BreakerSettings
from apps.kernel.llm.port import LanguageModel
from apps.kernel.llm.prices import Price, prices_in
from apps.kernel.llm.routing import ModelRoute, Patience, Restraint
from apps.kernel.llm.shared_cells import cells_at
from apps.kernel.llm.throttle import Quota, Throttle


def current_models() -> tuple[LanguageModel, ...]:
    """The configured models in their order; () when none is. Raises ImproperlyConfigured for an entry that cannot be read."""
    return current_route().models


def current_route() -> ModelRoute:
    """The way to ask the configured models; one per process and settings."""
    return _route(_fingerprint())


def current_prices() -> dict[str, Price]:
    """The operator's prices by model name; {} without a price file. Raises PriceFileError."""
    return prices_in(Path(settings.LLM_PRICES_FILE)) if settings.LLM_PRICES_FILE else {}


def _fingerprint() -> str:
    """Changes with any setting that a route is built from, so that an overridden setting never meets an old route."""
    names = sorted(name for name in dir(settings) if name.startswith("LLM_"))
    return repr([(name, getattr(settings, name)) for name in [*names, "VALKEY_URL"]])


@functools.lru_cache(maxsize=4)
def _route(fingerprint: str) -> ModelRoute:
    cells = cells_at(settings.VALKEY_URL)
    quota = Quota(
        requests_per_minute=settings.LLM_REQUESTS_PER_MINUTE,
        tokens_per_minute=settings.LLM_TOKENS_PER_MINUTE,
    )
    restraint = Restraint(
        throttle=Throttle(cells, quota),
        breaker=Breaker(
            cells, BreakerSettings(failures=settings.LLM_BREAKER_FAILURES, pause_s=settings.LLM_BREAKER_PAUSE_S)
        ),
        patience=Patience(
            attempts=settings.LLM_ATTEMPTS,
            first_pause_s=settings.LLM_FIRST_PAUSE_S,
            max_input_tokens=settings.LLM_INPUT_MAX_TOKENS,
        ),
    )
    return ModelRoute([_model(entry) for entry in settings.LLM_MODELS], restraint=restraint)


def _model(entry: str) -> LanguageModel:
    """An entry is "adapter:model id"; the id may hold colons itself."""
    adapter, _, name = entry.partition(":")
    path = settings.LLM_ADAPTERS.get(adapter)
    if not path or not name:
        message = f"PRISM_LLM_MODELS: {entry!r} is not <adapter>:<model id> with one of {sorted(settings.LLM_ADAPTERS)}"
        raise ImproperlyConfigured(message)
    model: LanguageModel = import_string(path)(name)
    return model
