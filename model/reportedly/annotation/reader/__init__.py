"""The reader: a student network and a fine-tuned encoder that answer questions about every sentence and word of an article.

Only the modules in ``learning`` need PyTorch.
"""
