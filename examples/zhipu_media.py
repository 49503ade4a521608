"""What OpenAI has no call for: images and videos as jobs with Zhipu's own parameters, and a voice of your own."""

import io
import wave

from zhipu_openai import create_client

client = create_client(standin="without_key")
print(f"Asking {client.base_url}")

# Begun together, waited for one after the other: both are made meanwhile.
image = client.zhipu.async_images.create(prompt="A lighthouse at dusk", model="glm-image", size="1728x960")
video = client.zhipu.videos.create(
    prompt="Two dancers under a street lamp", model="viduq1-text", style="anime", movement_amplitude="small"
)
image = client.zhipu.async_images.poll(str(image.id), poll_interval=0.5)
video = client.zhipu.videos.poll(str(video.id), poll_interval=0.5)
print(f"Image {image.task_status}: {[made.url for made in image.image_result or []]}")
print(f"Video {video.task_status}: {[made.url for made in video.video_result or []]}")


def silence(seconds: int) -> bytes:
    """Make a sample that holds no sound, so that this example needs no file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(bytes(32_000 * seconds))
    return buffer.getvalue()


# A voice is cloned from a sample of 3 to 30 seconds; take a recording of someone who agrees.
sample = client.files.create(
    file=("sample.wav", silence(4)),
    purpose="voice-clone-input",  # type: ignore[arg-type]  # a purpose of Zhipu's
)
cloned = client.zhipu.voices.clone(
    voice_name="narrator", input="Good evening, and welcome.", file_id=sample.id
)
own = client.zhipu.voices.list(voice_type="PRIVATE").voice_list
print(f"Own voices: {[voice.voice_name for voice in own if voice.voice == cloned.voice]}")
spoken = client.audio.speech.create(model="glm-tts", voice=cloned.voice, input="Good evening.")
print(f"Spoken: {len(spoken.content)} bytes")
client.zhipu.voices.delete(cloned.voice)
