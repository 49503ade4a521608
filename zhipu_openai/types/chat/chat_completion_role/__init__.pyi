from openai.types.chat.chat_completion_role import *
