from openai.types.shared.compound_filter import *
