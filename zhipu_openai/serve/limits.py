"""How much and how slowly a client may send."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a server.

    Attributes:
        max_body: Bytes of a request's body, which is kept in memory until Zhipu has answered.
        connections: Connections that may be open at once.
        header_timeout: Seconds for a request's head, from the connection or from the head's first byte.
        body_timeout: Seconds for a request's body, beside those that ``body_rate`` grants; also the longest
            silence within it.
        body_rate: Bytes a second that a client must keep up in a long body.
        write_timeout: Seconds for which a client may take nothing of an answer that waits for it.
        keep_alive: Seconds for which an idle connection stays open.
        grace: Seconds in which running answers may be finished when the server is stopped.
    """

    max_body: int = 64 * MEBIBYTE
    connections: int = 256
    header_timeout: float = 15.0
    body_timeout: float = 30.0
    body_rate: int = 4096
    write_timeout: float = 60.0
    keep_alive: float = 30.0
    grace: float = 20.0
