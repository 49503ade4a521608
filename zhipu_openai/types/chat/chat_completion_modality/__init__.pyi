from openai.types.chat.chat_completion_modality import *
