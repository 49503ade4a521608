from openai.types.moderation_multi_modal_input_param import *
