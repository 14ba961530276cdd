"""Which defects share an item: those of one kind in one sentence, owner and date of one action, and what goes beyond the caps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from apps.analysis.rules.port import Defect, DefectKind

MOST_OF_A_KIND_IN_A_SECTION = 2
MOST_OF_A_KIND = 2
SENTENCES_FOR_ONE_MORE = 60
"""A long document may show one more of each kind for so many sentences."""
# Each of these is a separate slip with its own remedy; folding them would hide work.
_NEVER_CAPPED = frozenset({DefectKind.PII_EXPOSED, DefectKind.PLACEHOLDER, DefectKind.CONTRADICTION})
_PAIRS = {DefectKind.MISSING_DATE: DefectKind.MISSING_OWNER, DefectKind.MISSING_OWNER: DefectKind.MISSING_DATE}


@dataclass(frozen=True, slots=True)
class Group:
    """One item's defects: the one shown, those beside it in the same sentence, and more of the kind elsewhere."""

    shown: Defect
    beside: tuple[Defect, ...] = ()
    more: tuple[Defect, ...] = ()

    @property
    def lacks_owner_and_date(self) -> bool:
        """The same words miss both, which is said once."""
        kinds = {one.kind for one in (self.shown, *self.beside)}
        return {DefectKind.MISSING_OWNER, DefectKind.MISSING_DATE} <= kinds


def folded(defects: Iterable[Defect], *, sentence_count: int) -> list[Group]:
    """Groups in reading order; every defect is in exactly one of them."""
    most = MOST_OF_A_KIND + sentence_count // SENTENCES_FOR_ONE_MORE
    kept: list[Group] = []
    for group in _by_sentence(defects):
        alike = [place for place, one in enumerate(kept) if one.shown.kind is group.shown.kind]
        here = [place for place in alike if kept[place].shown.quote.section == group.shown.quote.section]
        is_full = len(here) >= MOST_OF_A_KIND_IN_A_SECTION or len(alike) >= most
        if is_full and group.shown.kind not in _NEVER_CAPPED:
            place = (here or alike)[-1]
            kept[place] = replace(kept[place], more=(*kept[place].more, group.shown, *group.beside))
        else:
            kept.append(group)
    return kept


def _by_sentence(defects: Iterable[Defect]) -> list[Group]:
    groups: list[Group] = []
    places: dict[tuple[int, int, DefectKind], int] = {}
    for defect in defects:
        spot = (defect.sentence.section, defect.sentence.start)
        keys = [(*spot, defect.kind), (*spot, _PAIRS.get(defect.kind, defect.kind))]
        place = next((places[key] for key in keys if key in places), None)
        if place is None or defect.kind in _NEVER_CAPPED:
            places[(*spot, defect.kind)] = len(groups)
            groups.append(Group(defect))
        else:
            groups[place] = replace(groups[place], beside=(*groups[place].beside, defect))
    return groups
