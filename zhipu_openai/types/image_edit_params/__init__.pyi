from openai.types.image_edit_params import *
