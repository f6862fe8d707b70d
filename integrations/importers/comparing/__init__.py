"""Comparison of a reading with a hand-made one (读取质量): precision and recall per kind of record."""
