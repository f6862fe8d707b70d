"""Writes to the register: provision and remove tenants, their domains and states."""
