from openai.types.chat.chat_completion_content_part_text_param import *
