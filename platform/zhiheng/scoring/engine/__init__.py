"""The engine: facts and a scheme in, points of every node and unit and all outcomes out, nothing rounded before the end."""
