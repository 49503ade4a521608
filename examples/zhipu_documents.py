"""What a picture or a document says, whether it may be published, and what the web says of it."""

import struct
import zlib

from zhipu_openai import create_client


def white_page(side: int = 64) -> bytes:
    """Draw an empty page as PNG, so that this example needs no file."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\x00" + b"\xff\xff\xff" * side) * side)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", header) + piece(b"IDAT", pixels) + piece(b"IEND", b"")


client = create_client(standin="without_key")
print(f"Asking {client.base_url}")

page = client.zhipu.layout_parsing.create(file=white_page(), return_crop_images=True)
print(f"Layout: {page.md_results!r}")
for element in (page.layout_details or [[]])[0]:
    print(f"  {element.label} at {element.bbox_2d}")

written = client.zhipu.ocr.create(file=("page.png", white_page()), probability=True)
for line in written.words_result or []:
    print(f"Handwriting: {line.words!r} ({line.probability.average if line.probability else None})")

text = page.md_results or "an empty page"
judged = client.zhipu.moderations.create(input=[{"type": "text", "text": text[:2000]}])
print(f"Content safety: {[(result.risk_level, result.risk_type) for result in judged.result_list]}")

for event in client.zhipu.search_agent.stream(messages="What is new in document parsing?"):
    print(event.text, end="")
print()
