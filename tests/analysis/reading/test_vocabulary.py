"""The word lists, and how their phrases are found."""

from apps.analysis.rules.reading.vocabulary import Vocabulary, read_lists, vocabulary


def _found(phrase: str, text: str) -> list[tuple[int, int]]:
    known = Vocabulary()
    known.add("tag", phrase)
    return [(one.start, one.end) for one in known.marks(text.split()).get("tag", ())]


def test_a_phrase_is_words_in_a_row():
    assert _found("second reader", "a second reader and a second careful reader") == [(1, 3)]


def test_a_star_stands_for_any_ending_and_a_bar_for_either_word():
    assert _found("verif*", "verified verify verdict") == [(0, 1), (1, 2)]
    assert _found("good|bad actor|actors", "a bad actor and good actors") == [(1, 3), (4, 6)]


def test_two_dots_stand_for_up_to_four_words():
    assert _found("changed .. bank", "changed bank") == [(0, 2)]
    assert _found("changed .. bank", "changed the very old local bank") == [(0, 6)]
    assert _found("changed .. bank", "changed the very old and local bank") == []


def test_hyphens_do_not_matter():
    assert _found("re-read", "reread") == [(0, 1)]


def test_files_of_lists_are_tags_with_phrases():
    assert read_lists(["# a remark", "[one]", "a, b c", "", "[two]", "d*"]) == [
        ("one", "a"),
        ("one", "b c"),
        ("two", "d*"),
    ]


def test_the_products_lists_are_read():
    marks = vocabulary().marks(("the", "account", "was", "hijacked"))
    assert "takeover" in marks
    assert "party" in marks


def test_repeated_words_cost_no_more_than_their_number():
    """Phrases with gaps are tried a bounded number of times at each word."""
    known = Vocabulary()
    known.add("tag", "a .. a .. a .. z")
    calls = 0
    import apps.analysis.rules.reading.vocabulary as module

    real = module._end_of

    def counting(*args):
        nonlocal calls
        calls += 1
        return real(*args)

    module._end_of = counting
    try:
        assert known.marks(["a"] * 400) == {}
    finally:
        module._end_of = real
    assert calls <= 400 * 6**3
