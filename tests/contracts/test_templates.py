"""Pages run under a strict Content-Security-Policy, in every language, from parts that say what they take."""

import re
from pathlib import Path

from tests.contracts.sources import named, tracked

_INLINE = re.compile(
    r"\sstyle=[\"']|\son[a-z]+=[\"']|javascript:|<style\b|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    re.IGNORECASE,
)
_TAG_OR_COMMENT = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->|<[^>]+>", re.DOTALL)
_BLOCK_TRANSLATE = re.compile(r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}", re.DOTALL)
_CLASS_BLOCK = re.compile(r"{% block \w*class %}.*?{% endblock %}")
_COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)
_SPOKEN_ATTRIBUTE = re.compile(r"\s(?:aria-label|title|placeholder|alt|data-confirm|data-text-[a-z-]+)=\"([^\"]*)\"")
_BRAND = {"AI-Prism", "· AI-Prism", "SHA-256", "API", "Hawkeye", "Esc"}


def _pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".html" and "templates" in path.parts]


def test_no_template_holds_inline_code_or_style() -> None:
    assert len(_pages()) > 30, "the templates were found"
    mail = [path for path in _pages() if "emails" not in path.parts]
    inline = [
        f"{named(path)}:{number}"
        for path in mail
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if _INLINE.search(line)
    ]
    assert inline == []


def test_a_part_says_what_it_takes() -> None:
    parts = [path for path in _pages() if path.parent.name == "components"]
    silent = [
        named(path)
        for path in parts
        if not re.match(r"{% comment %}.*(?:Input|Context)", path.read_text(encoding="utf-8"), re.DOTALL)
    ]
    assert parts
    assert silent == []


def test_every_word_a_person_reads_can_be_translated() -> None:
    bare = []
    for path in _pages():
        text = path.read_text(encoding="utf-8")
        for left_out in (_COMMENT, _CLASS_BLOCK, _BLOCK_TRANSLATE):
            text = left_out.sub("", text)
        spoken = [said for said in _SPOKEN_ATTRIBUTE.findall(text) if "{" not in said]
        words = [" ".join(piece.split()) for piece in _TAG_OR_COMMENT.sub("\n", text).split("\n")]
        for said in (*spoken, *words):
            if re.search(r"[A-Za-z]{3,}", said) and said not in _BRAND:
                bare.append(f"{named(path)}: {said}")
    assert bare == []
