from openai.types.chat.chat_completion_system_message_param import *
