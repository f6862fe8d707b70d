"""Measures (可衡量要求) read from the words of a standard: deadlines, intervals, frequencies, limits.  Pure: no framework."""
