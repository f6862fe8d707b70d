"""``python -m zhiheng.project.cli``: the same as the console script."""

import sys

from zhiheng.project.cli import main

if __name__ == "__main__":
    sys.exit(main())
