from openai.types.chat.create_chat_completion_request_message_param import *
