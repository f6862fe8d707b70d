"""Characters of a PDF font (字体解码): codes to text and widths, from the font's own tables."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

WIDE, NARROW = 1.0, 0.5
CODECS = {
    "/UniGB-UCS2-H": "utf-16-be", "/UniGB-UTF16-H": "utf-16-be", "/UniCNS-UCS2-H": "utf-16-be", "/UniCNS-UTF16-H": "utf-16-be",
    "/GBK-EUC-H": "gbk", "/GBK2K-H": "gb18030", "/GB-EUC-H": "gb2312", "/GBpc-EUC-H": "gb2312", "/ETen-B5-H": "big5",
}  # fmt: skip
SECTION = re.compile(rb"begin(bfchar|bfrange|codespacerange)(.*?)end\1", re.DOTALL)
HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
# Fonts may name a character by the radical of the same shape: 2E80-2EFF by this list, 2F00-2FDF by Unicode's own.
RADICALS: dict[int, str] = str.maketrans(
    dict(
        zip(
            "⺀⺁⺃⺅⺆⺇⺉⺊⺋⺍⺎⺏⺐⺑⺒⺓⺖⺘⺙⺛⺝⺟⺠⺡⺢⺣⺥⺦⺨⺩⺪⺫⺬⺭⺮⺰⺲⺶⺹⺻⺼⺽⺾⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻓⻔⻖⻘⻙⻚⻛⻜⻝⻠⻢⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻰⻳",
            "冫厂乚亻冂几刂卜卩小兀尢尣巛巳幺忄扌攵旡月母民氵氺灬爫丬犭王疋目示礻竹纟罒羊老聿肉臼艹虎衤覀西见角角讠贝足车辶辶辶阝钅長长门阝青韦页风飞食饣马鬼鱼鸟卤麦黄黾齐齐齿齿龙龟",
            strict=True,
        )
    )
)
RADICALS |= {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}


class Font:
    """One font of a page; ``decode`` gives the characters of a string with their widths in em."""

    def __init__(self, resource: Any) -> None:
        # Kept, so that its identity stays its own.
        self.resource = resource
        self.composite = resource.get("/Subtype") == "/Type0"
        self.length = 2 if self.composite else 1
        self.characters: dict[int, str] = {}
        encoding = resource.get("/Encoding")
        self.codec = CODECS.get(encoding) if isinstance(encoding, str) else None
        if "/ToUnicode" in resource:
            self._read_map(resource["/ToUnicode"].get_object().get_data())
        self.widths, self.usual = _widths(resource, composite=self.composite)

    @property
    def readable(self) -> bool:
        """Can its codes be turned into text at all?"""
        return bool(self.characters or self.codec or not self.composite)

    def decode(self, data: bytes) -> Iterator[tuple[str, float, bool]]:
        """(text, width in em, is it a word space) of each code."""
        for start in range(0, len(data), self.length):
            code = int.from_bytes(data[start : start + self.length], "big")
            text = self._text(code, data[start : start + self.length])
            yield text.translate(RADICALS), self.widths.get(code, self.usual), self.length == 1 and code == 32

    def _text(self, code: int, raw: bytes) -> str:
        if code in self.characters:
            return self.characters[code]
        if self.codec:
            return raw.decode(self.codec, "ignore")
        return "" if self.composite else raw.decode("cp1252", "ignore")

    def _read_map(self, data: bytes) -> None:
        for kind, body in SECTION.findall(data):
            values = [_token(match) for match in HEX.finditer(body)]
            if kind == b"codespacerange" and values and isinstance(values[0], bytes):
                self.length = len(values[0]) or self.length
            elif kind == b"bfchar":
                for code, text in zip(values[::2], values[1::2], strict=False):
                    self._put(code, text)
            elif kind == b"bfrange":
                self._read_ranges(values)

    def _read_ranges(self, values: list[bytes | str]) -> None:
        tokens = iter(values)
        for first, last, target in zip(tokens, tokens, tokens, strict=False):
            if not isinstance(first, bytes) or not isinstance(last, bytes):
                return
            low, high = int.from_bytes(first, "big"), int.from_bytes(last, "big")
            if target == "[":
                for code, text in zip(range(low, high + 1), iter(lambda: next(tokens), "]"), strict=False):
                    self._put(code, text)
                # The list may be longer than the range.
                continue
            for code in range(low, min(high, low + 0xFFFF) + 1):
                self._put(code, _shifted(target, code - low))

    def _put(self, code: bytes | str | int, text: bytes | str) -> None:
        if isinstance(text, bytes) and not isinstance(code, str):
            number = code if isinstance(code, int) else int.from_bytes(code, "big")
            self.characters[number] = text.decode("utf-16-be", "ignore")


def _token(match: re.Match[bytes]) -> bytes | str:
    if match[1] is None:
        return "[" if match[2] else "]"
    digits = re.sub(rb"\s", b"", match[1])
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _shifted(target: bytes | str, by: int) -> bytes:
    if not isinstance(target, bytes) or not target:
        return b""
    return (int.from_bytes(target, "big") + by).to_bytes(len(target), "big", signed=False)


def _widths(resource: Any, *, composite: bool) -> tuple[dict[int, float], float]:
    if not composite:
        first = int(resource.get("/FirstChar", 0))
        listed = resource.get("/Widths", [])
        return {first + index: float(width) / 1000 for index, width in enumerate(listed)}, NARROW
    descendant = resource["/DescendantFonts"][0].get_object()
    usual = float(descendant.get("/DW", 1000)) / 1000
    found: dict[int, float] = {}
    pending: list[int] = []
    for value in descendant.get("/W", []):
        item = value.get_object() if hasattr(value, "get_object") else value
        if isinstance(item, list):
            found |= {pending[-1] + index: float(width) / 1000 for index, width in enumerate(item)}
            pending = []
        else:
            pending.append(item)
            if len(pending) == 3:
                low, high = int(pending[0]), int(pending[1])
                found |= dict.fromkeys(range(low, min(high, low + 0xFFFF) + 1), float(pending[2]) / 1000)
                pending = []
    return found, usual
