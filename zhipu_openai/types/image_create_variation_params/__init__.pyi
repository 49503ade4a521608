from openai.types.image_create_variation_params import *
