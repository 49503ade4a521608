from openai.types.image_generate_params import *
