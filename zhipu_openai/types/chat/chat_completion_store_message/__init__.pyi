from openai.types.chat.chat_completion_store_message import *
