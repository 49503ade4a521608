"""Links to files that the stand-in made, and the files behind them.

A file is drawn from its name alone, so nothing is kept. No key is needed to read one, as with Zhipu's own links.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from zhipu_openai.endpoints import is_zhipu_domain

from . import drawings, wire
from .traffic import Reply, Request

if TYPE_CHECKING:
    from .service import StandIn

ROOT: Final = "/standin"
PATTERN: Final = re.compile(
    r"/files/(?P<seed>[\w-]{1,80})(?:/(?P<width>\d{1,4})x(?P<height>\d{1,4})\.png|\.mp4)", re.ASCII
)

IN_PROCESS: Final = "standin.invalid"
"""The host of files in the same process, which any host reaches. Outside of it the name leads nowhere, and so not
to Zhipu, whose host the client believes it speaks to."""


def picture_link(request: Request, seed: str, size: str) -> str:
    """Give the link to a picture of a size such as ``1024x1024``."""
    return f"{_origin(request)}{ROOT}/files/{seed}/{size}.png"


def video_link(request: Request, seed: str) -> str:
    """Give the link to a video."""
    return f"{_origin(request)}{ROOT}/files/{seed}.mp4"


def serve(_: StandIn, request: Request) -> Reply:
    """Answer with a file."""
    seed, width, height = (request.groups[name] for name in ("seed", "width", "height"))
    if width and not (int(width) and int(height)):
        return Reply(404, [("content-type", "text/plain")], [b"no such file"])
    kind, data = (
        ("image/png", drawings.png(int(width), int(height), seed))
        if width
        else ("video/mp4", drawings.mp4(seed))
    )
    kept = [pair for pair in wire.headers("json", request.id, request.now) if pair[0] != "content-type"]
    return Reply(200, [("content-type", kind), *kept], [data])


def _origin(request: Request) -> str:
    """Give the origin by which the stand-in was asked, where its files are too."""
    host = request.headers.get("host", "")
    if not host or is_zhipu_domain(f"https://{host}"):
        return f"https://{IN_PROCESS}"
    # A served stand-in speaks plain HTTP, unless what stands before it says otherwise.
    return f"{request.headers.get('x-forwarded-proto', 'http')}://{host}"
