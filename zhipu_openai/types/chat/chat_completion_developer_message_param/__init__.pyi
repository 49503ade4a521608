from openai.types.chat.chat_completion_developer_message_param import *
