"""Realtime connections over a socket, for the stand-in as a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio
from starlette.responses import Response
from starlette.websockets import WebSocketDisconnect

from . import door

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from zhipu_openai.standin.service import StandIn

    from .conversation import Conversation

HEARTBEAT: Final = 30.0
"""Seconds between heartbeats. Source: MetaGLM/glm-realtime-sdk, event reference, 2025-02."""


async def converse(service: StandIn, websocket: WebSocket, *, heartbeat: float = HEARTBEAT) -> None:
    """Hold a conversation until the client leaves."""
    path = websocket.url.path + (f"?{websocket.url.query}" if websocket.url.query else "")
    try:
        conversation = door.enter(service, path, dict(websocket.headers))
    except door.ShutError as shut:
        answer = Response(shut.body, shut.status, media_type="application/json; charset=UTF-8")
        await websocket.send_denial_response(answer)
        return
    await websocket.accept()
    news = _News()
    async with anyio.create_task_group() as group:
        group.start_soon(_speak, service, websocket, conversation, news, heartbeat)
        try:
            while True:
                message = await websocket.receive()
                if message["type"] == "websocket.disconnect":
                    break
                conversation.receive(message.get("text") or message.get("bytes") or b"")
                news.event.set()
        finally:
            group.cancel_scope.cancel()


class _News:
    """Says that something was received."""

    def __init__(self) -> None:
        self.event = anyio.Event()


async def _speak(
    service: StandIn, websocket: WebSocket, conversation: Conversation, news: _News, heartbeat: float
) -> None:
    while True:
        news.event = anyio.Event()
        event = conversation.next()
        if event is not None:
            try:
                await websocket.send_text(event)
            except (WebSocketDisconnect, RuntimeError):
                return  # the client has left; the receiving side ends the conversation
            await anyio.sleep(service.pace)
            continue
        with anyio.move_on_after(heartbeat) as waiting:
            await news.event.wait()
        if waiting.cancelled_caught:
            conversation.beat()
