"""One reader of the whole article: a pretrained encoder as its teacher, and what both learn from.

Nothing here needs PyTorch but the modules whose names begin with ``learning``.
"""
