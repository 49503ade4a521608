"""Images: OpenAI's request for pictures becomes Zhipu's, and links become what the caller reads."""
