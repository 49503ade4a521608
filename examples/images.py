"""Pictures: a link, or the bytes themselves for code that was written for gpt-image."""

import base64
from pathlib import Path
from tempfile import mkdtemp

from zhipu_openai import create_client

client = create_client(standin="without_key")

made = client.images.generate(
    model="cogview-4-250304",
    prompt="A red panda reading a newspaper, watercolour",
    size="1344x768",
    n=2,  # two requests side by side
)
for image in made.data or ():
    print(f"Link (good for a day, so copy the picture at once): {image.url}")

made = client.images.generate(
    model="gpt-image-1",  # served by glm-image
    prompt="A poster that says 你好",
    size="1024x1536",
    quality="high",
)
for image in made.data or ():
    picture = base64.b64decode(image.b64_json or "")
    target = Path(mkdtemp()) / "poster.png"
    target.write_bytes(picture)
    print(f"Saved {len(picture)} bytes of {made.output_format} in {made.size}: {target}")
