"""Hopes for a better future where a figure with its target belongs."""

import re
from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named, share_paragraph
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.words import words

_BETTER = (
    r"better|fewer|less|normal|improv\w{1,30}|decreas\w{1,30}|declin\w{1,30}|drop|fall|trend|quiet|safer|realistic|worked|works?|succe\w{1,30}"
    r"|not happen|disappear|go elsewhere|stronger"
    r"|reduc\w{1,30}|effective|positive|healthy|clean|right direction|calm|smooth\w{0,30}|satisf\w{1,30}"
)
_HOPES = (
    words(
        rf"\b(?:hopes?|expects?|expected|trusts?|believes?|thinks?|confident|assumes?|anticipates?)\b[^.;|]{{0,80}}\b(?:{_BETTER})\b"
    ),
    words(rf"\b(?:will|shall) (?:know|notice|see|feel|tell|show)\b[^.;|]{{0,80}}\b(?:{_BETTER})\b"),
    words(
        r"^\W{0,3}(?:success|key|performance)?\s?(?:success|metrics?|measures?|kpis?)(?: (?:metrics?|measures?|criteria))?\s?(?::"
        r"|is when|is if|means|will be|are)[^.;|]{3,120}"
    ),
    words(
        r"\bif\b[^.;|]{3,80}\b(?:we have succeeded|(?:it|that|this) (?:was|is|has been) a success|it has worked|we are done)\b"
    ),
    words(
        r"\b(?:complaints?|disputes?|cases|numbers|errors|delays|incidents|refunds|returns)\b[^.;|]{0,30}\bshould (?:now |soon "
        r"|then )?(?:go down|come down|drop|fall|decrease|be (?:lower|rarer|fewer|less))\b"
    ),
    words(
        r"\b(?:trusts?|hopes?|believes?|confident|sure|expects?|assumes?|convinced|certain)\b[^.;|]{0,50}\b(?:will|would|should|shall) "
        r"(?:not|no longer|never|hardly)\b[^.;|]{0,40}"
    ),
    words(
        r"\b(?:will|should|shall) (?:make sure|ensure|guarantee|see to it|put an end|solve|fix|settle|end|do the trick|suffice|be enough"
        r"|put things right)\b"
        r"[^.;|]{0,60}|\ba thing of the past\b|\bonce and for all\b"
    ),
    words(
        r"\b(?:success|progress|improvements?|effects?|results?)\b[^.;|]{0,20}\b(?:will )?(?:shows? itself|show|speaks? for|becomes?"
        r"|comes? with time)\b"
        r"|\b(?:we|time|the future|the (?:coming|next) (?:weeks|months)) (?:will|shall) (?:see|show|tell)\b"
        r"|\b(?:we|the team|the desk) (?:feels?|are|is) (?:now )?(?:well |better |much better )?(?:prepared|equipped|positioned|placed"
        r"|on the right (?:track|path|way))\b"
    ),
    words(
        r"\b(?:aim|goal|target|objective|idea) is\b[^.;|]{0,60}\b(?:fewer|less|better|lower|faster|quicker|higher|more|smoother)\b"
        r"|\bwe (?:aim|want|wish|would like)\b[^.;|]{0,60}\b(?:fewer|less|better|lower|faster|quicker|higher|smoother)\b"
    ),
    words(
        r"\bon (?:a|the) (?:good|right) (?:way|path|track)\b|\b(?:optimistic|hopeful|looking forward|in good spirits)\b"
        r"|\b(?:can ?not|can no longer|will not|won['’]t|should not) (?:happen|occur|recur|repeat(?: itself)?)(?: again| any ?more)?\b"
        r"|^\W{0,3}(?:fewer|less|happier|better|quicker|calmer) [a-z]{3,20}(?:, [^.;|]{3,60})?\W{0,3}$"
    ),
    words(
        r"\bfingers crossed\b|\b(?:consider|count|call|regard|see) (?:it|this|that|the [a-z]{2,20}) (?:as )?(?:an? )?(?:success|done|closed)\b"
    ),
    words(
        r"\b(?:is|are|was|were) (?:very |quite |fully )?(?:satisfied|pleased|happy) with the (?:result|outcome|effect|changes?)s?\b"
    ),
    words(
        r"\b(?:success|effect(?:iveness)?|improvement|progress)\b[^.;|]{0,40}\b(?:will be|is|are)\b[^.;|]{0,20}\b(?:monitor|watch"
        r"|track|review|seen|follow|measur|assess|evaluat|obvious|visible)\w{0,30}"
    ),
    words(
        r"\b(?:we|the team|the desk) (?:will )?(?:monitors?|tracks?|watch(?:es)?|keeps? (?:an?|a close|a careful) (?:eye|watch) on)\b[^.;"
        r"|]{0,25}\b(?:metrics"
        r"|figures|kpis|numbers|results?|effects?|trends?|situation|outcome)\b"
    ),
)
_FIGURE = re.compile(r"\d")
_FORWARD = words(
    r"prevent|improve|change|next|measure|metric|success|outcome|follow|lesson|recommend|conclusion|should|going forward"
    r"|quality|what we|summary|action|result|we do"
)


def hopes_without_measure(reading: DocumentReading) -> Iterator[Mark]:
    """The first hope without a figure in a sentence, where a document looks ahead: by its heading, or in its last third."""
    count = max(1, len(reading.narrative))
    for place, sentence in enumerate(reading.narrative):
        if not (_FORWARD.search(reading.headings[sentence.section]) or place > count * 2 / 3):
            continue
        text = sentence.own_words
        if sentence.line_kind == "table_row" or _FIGURE.search(text) or text.endswith("?"):
            continue
        match = next((found for pattern in _HOPES if (found := pattern.search(text))), None)
        if match and not _is_measured_after(reading, place):
            reason = f"{named(sentence.text)} names no figure by which one would see it."
            yield mark_of(sentence, DefectKind.NO_SUCCESS_MEASURE, span=(0, len(sentence.text)), reason=reason)


def _is_measured_after(reading: DocumentReading, place: int) -> bool:
    """The next two sentences of the paragraph give the figure."""
    here = reading.narrative[place]
    return any(
        share_paragraph(reading, here, later) and _FIGURE.search(later.text)
        for later in reading.narrative[place + 1 : place + 3]
    )
