"""Speech and recordings."""

import io
import wave

from openai import OpenAI


def recording() -> io.BytesIO:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(bytes(64000))
    file.seek(0)
    file.name = "speech.wav"
    return file


client = OpenAI()
client.audio.speech.create(model="tts-1", voice="nova", input="Hello.", response_format="wav", speed=1.2)
with client.audio.speech.with_streaming_response.create(
    model="gpt-4o-mini-tts", voice="alloy", input="Hello.", instructions="Cheerful.", response_format="pcm"
) as spoken:
    print(len(spoken.read()))
client.audio.transcriptions.create(model="whisper-1", file=recording(), language="en", temperature=0.2)
client.audio.transcriptions.create(
    model="whisper-1",
    file=recording(),
    response_format="verbose_json",
    timestamp_granularities=["segment"],
)
client.audio.translations.create(model="whisper-1", file=recording())
