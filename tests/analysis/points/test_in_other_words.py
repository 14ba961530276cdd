"""The points on short texts in very different styles: people say one thing in many ways."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.analysis.rules.port import Status
from tests.analysis.points.judged import status

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "other_words.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['point']}-{case['wanted']}")
def test_a_point_is_judged_alike_whatever_the_words(case: dict[str, Any]):
    assert status(case["point"], *(tuple(part) for part in case["parts"])) is Status(case["wanted"])


def test_every_point_is_shown_met_and_not_met():
    shown = {(case["point"], case["wanted"]) for case in CASES}
    assert {(point, wanted) for point in range(1, 21) for wanted in ("gap", "satisfied")} <= shown
