"""A question about a picture, sent as a data URL."""

import base64
import struct
import zlib

from zhipu_openai import OpenAI


def red_square(side: int = 64) -> bytes:
    """Draw a red square as PNG, so that this example needs no file."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\xff\x00\x00" * side for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pieces = (piece(b"IHDR", header), piece(b"IDAT", zlib.compress(rows)), piece(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces)


client = OpenAI()
image = base64.b64encode(red_square()).decode()

completion = client.chat.completions.create(
    model="glm-4.6v",
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Which colour is this?"},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{image}"}},
            ],
        }
    ],
)
print(completion.choices[0].message.content)
