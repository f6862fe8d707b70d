"""Pure services beside the kinds (规则服务): due dates, seeded draws, register filters, quality-office checks.

They know no database: colleges call them with plain values, and so does the case adapter (rules.md part 4).
"""
