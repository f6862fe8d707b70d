"""Many rows into one table by COPY: an order of magnitude faster than INSERT."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.db import connection, models

NULL = r"\N"


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows (values in the order of the model's field names ``columns``); None becomes NULL.  Returns the count.

    Runs in the caller's transaction and as its role; constraints are checked by the database as for INSERT.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    count = 0
    for row in rows:
        writer.writerow([NULL if value is None else value for value in row])
        count += 1
    buffer.seek(0)
    by_name = {field.name: field.column for field in model._meta.concrete_fields}
    names = ", ".join(f'"{by_name[name]}"' for name in columns)
    statement = f"COPY \"{model._meta.db_table}\" ({names}) FROM STDIN WITH (FORMAT csv, NULL '{NULL}')"
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, buffer)
    return count
