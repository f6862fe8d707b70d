"""The twelve built-in kinds (计分方式), one module each; they do not know one another (rules.md part 4)."""
