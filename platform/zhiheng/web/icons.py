"""Sprite of the icons in use (图标集).

``python -m zhiheng.web.icons FOLDER`` joins the outline icons listed in names.txt from an unpacked @tabler/icons
package into one SVG file of symbols; pages point at a symbol with the template tag ``{% icon "name" %}``.
"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "vendor" / "tabler-icons" / "icons.svg"

NAMES = frozenset(re.findall(r'id="i-([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))


def symbol(name: str, source: str) -> str:
    """The drawing of one icon file as a ``<symbol>``; colours and widths come from the style sheet."""
    body = re.sub(r"<!--.*?-->", "", source, flags=re.S)
    inner = re.search(r"<svg[^>]*>(.*)</svg>", body, flags=re.S)
    if inner is None:
        raise ValueError(f"{name}: not an SVG file")
    drawing = re.sub(r"\s*\n\s*", "", inner.group(1))
    drawing = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", drawing)
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def build(folder: Path) -> str:
    """Sprite text from the package folder; raises FileNotFoundError for an icon the package does not have."""
    outline = folder / "icons" / "outline"
    wanted = (SPRITE.parent / "names.txt").read_text(encoding="utf-8").split()
    symbols = [symbol(name, (outline / f"{name}.svg").read_text(encoding="utf-8")) for name in sorted(wanted)]
    head = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons 3.51.0, MIT licence, see LICENSE beside -->'
    return "\n".join([head, *symbols, "</svg>"]) + "\n"


if __name__ == "__main__":
    SPRITE.write_text(build(Path(sys.argv[1])), encoding="utf-8")
