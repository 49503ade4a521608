"""The folder that ``run`` puts on PYTHONPATH, so that Python imports the sitecustomize in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = str(Path(__file__).parent)

VARIABLE: Final = "ZHIPU_OPENAI_RUN"
"""The environment variable that says, in JSON, with which options and from where."""
