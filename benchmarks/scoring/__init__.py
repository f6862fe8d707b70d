"""Speed and exactness of scoring: the same cells and rules by several engines."""
