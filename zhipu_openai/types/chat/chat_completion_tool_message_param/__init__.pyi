from openai.types.chat.chat_completion_tool_message_param import *
