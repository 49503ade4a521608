from openai.types.chat.chat_completion_reasoning_effort import *
