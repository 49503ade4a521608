"""The reference says what the tables say."""

from __future__ import annotations

from reference import TARGET, render


def test_the_reference_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == render(), "run: python tests/reference.py"
