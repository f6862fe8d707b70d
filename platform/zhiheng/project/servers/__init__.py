"""The embedded servers (内置服务): PostgreSQL and Redis from installed packages, for demos, small sites and tests."""
