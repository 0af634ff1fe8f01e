"""A classifier that learns from labelled messages: linear, over hashed characters and words.

To classify needs numpy alone; to train needs SciPy.
"""
