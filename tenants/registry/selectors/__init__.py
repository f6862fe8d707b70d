"""Reads of the register: who is there, and by which name."""
