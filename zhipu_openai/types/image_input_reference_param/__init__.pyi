from openai.types.image_input_reference_param import *
