"""The generated reference says what the table says."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def test_the_page_is_written_and_checked(settings: Any, tmp_path: Path) -> None:
    settings.ROOT = tmp_path
    with pytest.raises(CommandError, match=r"\.md is out of date"):
        call_command("document_reference", "--check")
    call_command("document_reference", verbosity=0)
    page = (tmp_path / "docs" / "reference" / "capabilities.md").read_text(encoding="utf-8")
    assert "| `manage_platform` |" in page
    call_command("document_reference", "--check")


def test_the_page_in_the_repository_is_up_to_date() -> None:
    call_command("document_reference", "--check")
