"""A recording becomes text: whole, as a stream, and as subtitles. The recording is made by speech synthesis."""

from zhipu_openai import create_client

client = create_client(standin="without_key")

recording = client.audio.speech.create(
    model="glm-tts", voice="tongtong", input="今天天气很好，我们去公园吧。", response_format="wav"
).content
file = ("recording.wav", recording)

transcription = client.audio.transcriptions.create(model="glm-asr-2512", file=file, prompt="天气")
print(f"Whole: {transcription.text}")

print("Stream: ", end="")
for event in client.audio.transcriptions.create(model="glm-asr-2512", file=file, stream=True):
    if event.type == "transcript.text.delta":
        print(event.delta, end="", flush=True)
print()

# Zhipu tells no times, so a subtitle spans the recording: a warning says so.
print(client.audio.transcriptions.create(model="glm-asr-2512", file=file, response_format="srt"))
