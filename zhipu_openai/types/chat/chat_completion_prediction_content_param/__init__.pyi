from openai.types.chat.chat_completion_prediction_content_param import *
