from openai.types.chat.chat_completion_audio import *
