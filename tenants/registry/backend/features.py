"""What the database can do, known without trying (数据库特性)."""

from django.db.backends.postgresql.features import DatabaseFeatures as PostgresFeatures


class DatabaseFeatures(PostgresFeatures):
    """Django finds out about transactions by creating a table, which no role of ours may."""

    supports_transactions = True
