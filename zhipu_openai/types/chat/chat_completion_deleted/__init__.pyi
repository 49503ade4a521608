from openai.types.chat.chat_completion_deleted import *
