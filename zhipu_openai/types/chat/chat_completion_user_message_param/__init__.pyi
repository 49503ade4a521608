from openai.types.chat.chat_completion_user_message_param import *
