from openai.types.chat.chat_completion_message_custom_tool_call import *
