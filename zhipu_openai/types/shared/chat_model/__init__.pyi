from openai.types.shared.chat_model import *
