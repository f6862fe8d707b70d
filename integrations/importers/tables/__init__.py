"""Any other table (任意表格): columns are proposed for fields, a person confirms, rows come out with their places."""
