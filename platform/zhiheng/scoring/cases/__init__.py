"""Scoring cases (算例): single figures and whole years with expected results, run through the college's own engine.

A case names a rule of the rule inventory, a reading and inputs; the tables of this package say which node of which
template, which measures and which outcome that means. They hold names only: all arithmetic is the engine's.
"""
