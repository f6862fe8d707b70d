"""Taking the organisation in from a workbook (组织机构导入): preview, then one transaction."""

from tenants.organisation.services.imports.plan import Diff, ImportPlan, RowPlan
from tenants.organisation.services.imports.run import import_apply, import_preview

__all__ = ["Diff", "ImportPlan", "RowPlan", "import_apply", "import_preview"]
