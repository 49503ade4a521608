"""Speech to text and text to speech: OpenAI's audio resources on GLM-ASR, GLM-TTS and GLM-TTS-Clone."""
