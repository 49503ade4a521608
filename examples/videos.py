"""A video: begun as a job, waited for, and saved with its cover."""

import warnings
from pathlib import Path
from tempfile import mkdtemp

from zhipu_openai import create_client

# OpenAI's own video service has ended, of which the openai package warns; Zhipu's has not.
warnings.filterwarnings("ignore", "The Sora API", DeprecationWarning)

client = create_client(standin="without_key")

video = client.videos.create(
    model="cogvideox-3",
    prompt="A paper boat sails down a gutter in the rain",
    size="1280x720",
    seconds="5",
)
print(f"Begun: {video.id} ({video.status})")

# The id is all that is needed: another process may wait for the video, or next week.
video = client.videos.poll(video.id)
print(f"Ended: {video.status}, {video.seconds} seconds, {video.size}")

if video.status == "completed":
    folder = Path(mkdtemp())
    for variant, target in (("video", folder / "boat.mp4"), ("thumbnail", folder / "boat.png")):
        client.videos.download_content(video.id, variant=variant).write_to_file(target)
        print(f"Saved the {variant}: {target} ({target.stat().st_size} bytes)")
elif video.error is not None:
    print(f"Why: {video.error.code}: {video.error.message}")
