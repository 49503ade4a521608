"""Zhipu's video service on the fake wire, and short ways to ask for videos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from openai import OpenAI

if TYPE_CHECKING:
    from conftest import SyncSide

needs_videos = pytest.mark.skipif(not hasattr(OpenAI, "videos"), reason="this openai has no videos")
deprecated = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
"""openai 3 marks the resource as deprecated, since OpenAI's own service has ended."""

DATE = {"date": "Tue, 24 Nov 2026 10:00:00 GMT"}
BEGUN_AT = 1795514400
TASK = "8868902201637896192-abc"
BEGUN: dict[str, Any] = {
    "id": TASK,
    "model": "cogvideox-3",
    "request_id": "8868902201637896191",
    "task_status": "PROCESSING",
}
WORKING: dict[str, Any] = {
    "model": "cogvideox-3",
    "request_id": "8868902201637896191",
    "task_status": "PROCESSING",
}
VIDEO = "https://files.example/video/0.mp4"
COVER = "https://files.example/video_cover/0_cover_0.png"
DONE: dict[str, Any] = {
    **WORKING,
    "task_status": "SUCCESS",
    "video_result": [{"cover_image_url": COVER, "url": VIDEO}],
}
"""In the shape of the specification and of the official sample."""


@dataclass(frozen=True)
class Filmed:
    """What was answered: the object, and the record in the header."""

    video: Any
    record: str


def create(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Filmed:
    """Ask for a video."""
    asked = {"prompt": "a cat", "model": "cogvideox-3", **arguments}
    answer = side.run(lambda made: made.videos.with_raw_response.create(**asked), **(client or {}))
    return Filmed(answer.parse(), answer.headers.get("x-zhipu-adaptations", ""))
