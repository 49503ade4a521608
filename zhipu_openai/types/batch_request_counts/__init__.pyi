from openai.types.batch_request_counts import *
