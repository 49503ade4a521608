from openai.types.chat.chat_completion_content_part_refusal_param import *
