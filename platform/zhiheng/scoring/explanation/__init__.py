"""Explanation of any score: formula with numbers, clause, inputs with their origin, peers, readings, bounds, gates."""
