"""Writes of the integrations: importing files into the domain."""
