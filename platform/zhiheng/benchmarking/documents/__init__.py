"""Files of benchmarking (pure: data in, bytes out, and back)."""

from zhiheng.benchmarking.documents.form import FormLine, form_xlsx, read_form

__all__ = ["FormLine", "form_xlsx", "read_form"]
