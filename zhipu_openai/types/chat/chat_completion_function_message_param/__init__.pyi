from openai.types.chat.chat_completion_function_message_param import *
