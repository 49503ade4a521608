from openai.types.chat.chat_completion_assistant_message_param import *
