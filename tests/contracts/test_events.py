"""Events are facts of the past with plain fields, and each room's are documented."""

from dataclasses import fields, is_dataclass

from apps.kernel.events.catalogue import known_events


def _product_events() -> dict[str, type]:
    return {name: kind for name, kind in known_events().items() if kind.__module__.startswith("apps.")}


def test_every_event_is_a_frozen_dataclass_with_a_docstring_and_a_dotted_name() -> None:
    events = _product_events()
    assert len(events) > 8, "the catalogue was filled"
    for name, kind in events.items():
        assert is_dataclass(kind), name
        assert kind.__dataclass_params__.frozen, name  # type: ignore[attr-defined]
        assert (kind.__doc__ or "").strip(), name
        assert name.count(".") >= 1, name


def test_an_event_carries_ids_and_plain_values_never_words_of_a_document() -> None:
    words = {"text", "quote", "description", "suggestion", "content", "body", "heading", "email", "password"}
    telling = [
        f"{name}.{field.name}"
        for name, kind in _product_events().items()
        for field in fields(kind)
        if field.name in words
    ]
    assert telling == []
