"""The figures of an evaluation. Pure arithmetic on pairs of a reviewer's label and an engine's answer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from apps.analysis.evaluation.labelled import DISPUTED, LabelledDefect, LabelledDocument
from apps.analysis.rules.port import Defect, RuleReview, SectionText, Status

STATUSES = (Status.GAP.value, Status.SATISFIED.value, Status.NOT_APPLICABLE.value)
_DECIMALS = 4
_SHARED = 0.5


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of one class, with the counts that they come from. 0 where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float
    wanted: int
    said: int


@dataclass(frozen=True, slots=True)
class PointScore:
    """One point over all documents."""

    accuracy: float
    gap: Score
    documents: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one engine on one set of documents."""

    documents: int
    labels: int
    accuracy: float
    kappa: float
    by_status: Mapping[str, Score]
    macro: Score
    gap_section_right: float
    by_point: Mapping[int, PointScore]
    defects: Score
    by_defect: Mapping[str, Score]


def ratio(part: float, whole: float) -> float:
    """part / whole, rounded; 0 when there is no whole."""
    return round(part / whole, _DECIMALS) if whole else 0.0


def score(hit: int, said: int, wanted: int) -> Score:
    """Precision, recall and their harmonic mean."""
    precision, recall = ratio(hit, said), ratio(hit, wanted)
    return Score(precision, recall, ratio(2 * precision * recall, precision + recall), wanted, said)


def class_score(pairs: Iterable[tuple[str, str]], status: str) -> Score:
    """How well one status is found among (wanted, said) pairs."""
    pairs = list(pairs)
    hit = sum(wanted == said == status for wanted, said in pairs)
    return score(hit, sum(said == status for _, said in pairs), sum(wanted == status for wanted, _ in pairs))


def accuracy(pairs: Sequence[tuple[str, str]]) -> float:
    """Share of equal pairs."""
    return ratio(sum(wanted == said for wanted, said in pairs), len(pairs))


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa: agreement beyond what two independent raters with these habits reach by chance. 1 when chance explains all."""
    if not pairs:
        return 0.0
    observed = sum(wanted == said for wanted, said in pairs) / len(pairs)
    wanted, said = Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    chance = sum(count * said[status] for status, count in wanted.items()) / len(pairs) ** 2
    return 1.0 if chance == 1 else round((observed - chance) / (1 - chance), _DECIMALS)


def macro(scores: Iterable[Score]) -> Score:
    """The plain mean over classes, each counting alike."""
    scores = list(scores)
    mean = [
        ratio(sum(values), len(scores))
        for values in zip(*((one.precision, one.recall, one.f1) for one in scores), strict=True)
    ]
    precision, recall, f1 = mean or (0.0, 0.0, 0.0)
    return Score(precision, recall, f1, sum(one.wanted for one in scores), sum(one.said for one in scores))


def quotes_overlap(one: str, other: str) -> bool:
    """At least half of the shorter quote is one common run; case and spaces do not count."""
    first, second = " ".join(one.split()).lower(), " ".join(other.split()).lower()
    if not first or not second:
        return False
    run = SequenceMatcher(None, first, second, autojunk=False).find_longest_match()
    return run.size >= _SHARED * min(len(first), len(second))


def matched_defects(wanted: Sequence[LabelledDefect], said: Sequence[Defect]) -> Counter[str]:
    """How many wanted defects of each kind are met; each one that is said meets one at most."""
    left = list(said)
    met: Counter[str] = Counter()
    for one in wanted:
        match = next(
            (it for it in left if it.kind.value == one.kind and quotes_overlap(it.quote.text, one.quote)), None
        )
        if match is not None:
            left.remove(match)
            met[one.kind] += 1
    return met


def evaluate(reviewed: Sequence[tuple[LabelledDocument, RuleReview]]) -> Evaluation:
    """Every figure of the reviews against the labels; disputed labels are left out."""
    rows = [row for document, review in reviewed for row in _rows(document, review)]
    pairs = [(row.wanted, row.said) for row in rows]
    by_status = {status: class_score(pairs, status) for status in STATUSES}
    placed = [row.is_placed for row in rows if row.is_placed is not None]
    points = sorted({row.point for row in rows})
    defects, by_defect = _defects(reviewed)
    return Evaluation(
        documents=len(reviewed),
        labels=len(rows),
        accuracy=accuracy(pairs),
        kappa=kappa(pairs),
        by_status=by_status,
        macro=macro(by_status.values()),
        gap_section_right=ratio(sum(placed), len(placed)),
        by_point={point: _point([(row.wanted, row.said) for row in rows if row.point == point]) for point in points},
        defects=defects,
        by_defect=by_defect,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    point: int
    wanted: str
    said: str
    is_placed: bool | None
    """Whether a rightly found gap is shown in the right section; None for every other row."""


def _rows(document: LabelledDocument, review: RuleReview) -> Iterable[_Row]:
    for point, label in document.labels.items():
        if label.status == DISPUTED:
            continue
        verdict = review.verdicts.get(point)
        said = verdict.status.value if verdict else ""
        placed = None
        if said == label.status == Status.GAP.value and label.section is not None:
            place = verdict.quote.section if verdict and verdict.quote else None
            placed = _is_same_section(document.sections, label.section, place)
        yield _Row(point, label.status, said, placed)


def _is_same_section(sections: Sequence[SectionText], wanted: int, said: int | None) -> bool:
    """The same index, or the same heading: an engine may count sections otherwise."""
    if said is None or said == wanted:
        return said is not None
    headings = {one.index: " ".join(one.heading.split()).lower() for one in sections}
    one, other = headings.get(wanted, ""), headings.get(said, "")
    return bool(one) and bool(other) and (one in other or other in one)


def _point(pairs: list[tuple[str, str]]) -> PointScore:
    return PointScore(accuracy(pairs), class_score(pairs, Status.GAP.value), len(pairs))


def _defects(reviewed: Sequence[tuple[LabelledDocument, RuleReview]]) -> tuple[Score, dict[str, Score]]:
    met: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for document, review in reviewed:
        met += matched_defects(document.defects, review.defects)
        wanted.update(one.kind for one in document.defects)
        said.update(one.kind.value for one in review.defects)
    by_kind = {kind: score(met[kind], said[kind], wanted[kind]) for kind in sorted({*wanted, *said})}
    return score(met.total(), said.total(), wanted.total()), by_kind
