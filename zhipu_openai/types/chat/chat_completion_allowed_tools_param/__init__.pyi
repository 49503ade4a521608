from openai.types.chat.chat_completion_allowed_tools_param import *
