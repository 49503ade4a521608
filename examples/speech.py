"""A text is spoken, whole into a file and as a stream while it is being spoken."""

from pathlib import Path

from zhipu_openai import create_client

client = create_client(standin="without_key")
TEXT = "欢迎使用智谱的语音合成。Welcome to Zhipu's speech synthesis."

speech = client.audio.speech.create(model="glm-tts", voice="tongtong", input=TEXT, response_format="wav")
speech.write_to_file(Path("speech.wav"))
print(f"speech.wav: {len(speech.content)} bytes of {speech.response.headers['content-type']}")

# OpenAI's formats mp3, opus, aac and flac are made here, by the extra "audio"; without it you get WAV, and a warning.
with client.audio.speech.with_streaming_response.create(
    model="glm-tts", voice="tongtong", input=TEXT, response_format="pcm"
) as stream:
    pieces = [len(piece) for piece in stream.iter_bytes()]
print(f"Streamed: {sum(pieces) / 48_000:.1f} seconds of sound (24 kHz, 16 bits) in {len(pieces)} pieces")
