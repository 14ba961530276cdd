"""An evaluation as lines for people and as JSON for programs."""

from collections.abc import Iterator
from dataclasses import asdict

from apps.analysis.evaluation.metrics import Evaluation, Score


def lines_of(figures: Evaluation) -> Iterator[str]:
    """Tables of the points, the statuses and the defects, and the totals last."""
    yield f"{'point':>5}  {'accuracy':>8}  {'gap P':>6}  {'gap R':>6}  {'gap F1':>6}  {'gaps':>5}  {'said':>5}"
    for point, found in figures.by_point.items():
        yield f"{point:>5}  {found.accuracy:>8.2f}  {_figures(found.gap)}"
    yield ""
    yield f"{'status':<24}{'P':>7}  {'R':>6}  {'F1':>6}  {'gold':>5}  {'said':>5}"
    for status, row in {**figures.by_status, "macro mean": figures.macro}.items():
        yield f"{status:<24} {_figures(row)}"
    yield ""
    yield f"{'defect':<24}{'P':>7}  {'R':>6}  {'F1':>6}  {'gold':>5}  {'said':>5}"
    for kind, row in {**figures.by_defect, "all": figures.defects}.items():
        yield f"{kind:<24} {_figures(row)}"
    yield ""
    gap = figures.by_status["gap"]
    yield (
        f"documents {figures.documents}  labels {figures.labels}  accuracy {figures.accuracy:.3f}  kappa {figures.kappa:.3f}  "
        f"macro F1 {figures.macro.f1:.3f}  gap P {gap.precision:.3f} R {gap.recall:.3f} F1 {gap.f1:.3f}  section {figures.gap_section_right:.3f}"
    )


def json_of(figures: Evaluation) -> dict[str, object]:
    """The same figures with stable names."""
    return {
        "documents": figures.documents,
        "labels": figures.labels,
        "accuracy": figures.accuracy,
        "kappa": figures.kappa,
        "by_status": {status: asdict(row) for status, row in figures.by_status.items()},
        "macro": asdict(figures.macro),
        "gap_section_right": figures.gap_section_right,
        "by_point": {str(point): asdict(row) for point, row in figures.by_point.items()},
        "defects": asdict(figures.defects),
        "by_defect": {kind: asdict(row) for kind, row in figures.by_defect.items()},
    }


def _figures(row: Score) -> str:
    return f"{row.precision:>6.3f}  {row.recall:>6.3f}  {row.f1:>6.3f}  {row.wanted:>5}  {row.said:>5}"
