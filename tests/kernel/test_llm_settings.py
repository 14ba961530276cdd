"""Models as settings name them."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from apps.kernel.llm.registry import current_models, current_prices, current_route
from apps.kernel.llm.shared_cells import ValkeyCells


@override_settings(LLM_MODELS=())
def test_with_nothing_set_there_is_no_model() -> None:
    assert current_models() == ()


@override_settings(LLM_MODELS=("bedrock:eu.some.model-v1:0", "scripted:demo"), LLM_SCRIPTED_DIR=".", VALKEY_URL="")
def test_models_come_in_the_order_of_the_setting_with_colons_kept() -> None:
    assert [(model.source, model.name) for model in current_models()] == [
        ("bedrock", "eu.some.model-v1:0"),
        ("scripted", "demo"),
    ]
    assert current_route() is current_route()


@pytest.mark.parametrize("entry", ["nobody:x", "bedrock", "bedrock:"])
def test_an_entry_that_cannot_be_read_is_refused_with_its_name(entry: str) -> None:
    with override_settings(LLM_MODELS=(entry,)), pytest.raises(ImproperlyConfigured, match=entry):
        current_models()


@override_settings(LLM_PRICES_FILE="")
def test_without_a_price_file_no_price_is_known() -> None:
    assert current_prices() == {}


@pytest.mark.usefixtures("database_template")
def test_two_workers_share_what_they_count() -> None:
    def add(numbers: dict[str, float], now: float) -> float:
        numbers["n"] = numbers.get("n", 0.0) + 1
        return numbers["n"] if now > 1_700_000_000 else -1.0

    one, other = (ValkeyCells(settings.VALKEY_URL, prefix="llm-test:") for _ in range(2))
    before = one.change("shared", add)
    assert other.change("shared", add) == before + 1
