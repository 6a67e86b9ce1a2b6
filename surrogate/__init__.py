"""A graph-neural surrogate of the mechanics engine; not in this version."""
