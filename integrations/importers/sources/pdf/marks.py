"""What is drawn on a PDF page (页面元素): runs of text with their places, and straight lines."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pypdf.generic import ContentStream

from integrations.importers.sources.pdf.fonts import Font

Matrix = tuple[float, float, float, float, float, float]
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
THIN, SHORT, DEEPEST = 2.5, 3.0, 8
SPLIT = 1.2
"""A jump of more than this many em within a string begins another run."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text on one baseline, from ``x0`` to ``x1``; points, y upwards."""

    x0: float
    x1: float
    y: float
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line across (``low``..``high`` are x) or upright (y) at ``at``."""

    upright: bool
    at: float
    low: float
    high: float


@dataclass
class Marks:
    """Everything a page shows that a table reader needs; ``unreadable`` counts characters that no table explains."""

    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    unreadable: int = 0


def times(one: Matrix, other: Matrix) -> Matrix:
    """First ``one``, then ``other``."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


@dataclass
class _State:
    matrix: Matrix = SAME
    font: Font | None = None
    size: float = 1.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0

    def copy(self) -> "_State":
        return _State(**vars(self))


class Painter:
    """Follows the operators of one page; ``fonts`` are kept over pages, ``matrix`` turns the page upright."""

    def __init__(self, fonts: dict[Any, Font], matrix: Matrix = SAME) -> None:
        self.marks = Marks()
        self.fonts = fonts
        self.state = _State(matrix)
        self.stack: list[_State] = []
        self.text: Matrix = SAME
        self.line: Matrix = SAME
        self.path: list[list[tuple[float, float]]] = []

    def run(self, content: Any, resources: Any, reader: Any, depth: int = 0) -> None:
        """Every operator of a content stream in order."""
        if content is None or depth > DEEPEST:
            return
        fonts = _get(resources, "/Font")
        objects = _get(resources, "/XObject")
        for operands, operator in ContentStream(content, reader).operations:
            name = operator.decode("latin-1") if isinstance(operator, bytes) else operator
            if name == "Tf":
                self.state.font, self.state.size = self._font(fonts, operands[0]), float(operands[1])
            elif name == "Do":
                self._draw(objects, operands[0], reader, depth)
            elif handler := OPERATORS.get(name):
                handler(self, [_plain(value) for value in operands])

    def _font(self, fonts: Any, name: Any) -> Font | None:
        found = _get(fonts, name)
        if found is None:
            return None
        key = id(found)
        if key not in self.fonts:
            self.fonts[key] = Font(found)
        return self.fonts[key]

    def _draw(self, objects: Any, name: Any, reader: Any, depth: int) -> None:
        form = _get(objects, name)
        if form is None or form.get("/Subtype") != "/Form":
            return
        kept = self.state.copy()
        matrix = tuple(float(value) for value in form.get("/Matrix", SAME))
        self.state.matrix = times(matrix, self.state.matrix)  # type: ignore[arg-type]
        self.run(form, form.get("/Resources"), reader, depth + 1)
        self.state = kept

    def save(self, _: list[Any]) -> None:
        """Operator q: keep the graphics state."""
        self.stack.append(self.state.copy())

    def restore(self, _: list[Any]) -> None:
        """Operator Q: go back to the kept state."""
        if self.stack:
            self.state = self.stack.pop()

    def transform(self, values: list[Any]) -> None:
        """Operator cm: change the coordinate system."""
        self.state.matrix = times(_matrix(values), self.state.matrix)

    def begin(self, _: list[Any]) -> None:
        """Operator BT: text starts at the origin."""
        self.text = self.line = SAME

    def move(self, values: list[Any]) -> None:
        """Operator Td: the next line starts at an offset."""
        self.line = self.text = times((1, 0, 0, 1, float(values[0]), float(values[1])), self.line)

    def move_leading(self, values: list[Any]) -> None:
        """Operator TD: as Td, and the offset becomes the leading."""
        self.state.leading = -float(values[1])
        self.move(values)

    def set_matrix(self, values: list[Any]) -> None:
        """Operator Tm: place the text."""
        self.line = self.text = _matrix(values)

    def next_line(self, _: list[Any]) -> None:
        """Operator T*: one line down."""
        self.move([0, -self.state.leading])

    def show(self, values: list[Any]) -> None:
        """Operator Tj: a string."""
        self.show_all([values])

    def show_next(self, values: list[Any]) -> None:
        """Operator ': a string on the next line."""
        self.next_line([])
        self.show_all([values[-1:]])

    def show_spaced(self, values: list[Any]) -> None:
        """Operator ": a string on the next line with its spacing."""
        self.state.word_space, self.state.char_space = float(values[0]), float(values[1])
        self.show_next(values)

    def show_all(self, values: list[Any]) -> None:
        """A string, or an array of strings and shifts (thousandths of an em to the left)."""
        font, size, stretch = self.state.font, self.state.size, self.state.stretch
        if font is None:
            return
        pieces: list[str] = []
        start = pen = 0.0
        for value in values[0]:
            if isinstance(value, int | float):
                shift = -value / 1000 * size * stretch
                if shift > SPLIT * size:
                    self._keep(pieces, start, pen)
                    pieces, start = [], pen + shift
                pen += shift
                continue
            for text, width, space in font.decode(value):
                self.marks.unreadable += not text
                pieces.append(text)
                pen += (
                    width * size + self.state.char_space + (self.state.word_space if space else 0.0)
                ) * stretch
        self._keep(pieces, start, pen)
        self.text = times((1, 0, 0, 1, pen, 0), self.text)

    def _keep(self, pieces: list[str], start: float, end: float) -> None:
        text = "".join(pieces)
        if not text.strip():
            return
        where = times(self.text, self.state.matrix)
        scale_x, scale_y = (where[0] ** 2 + where[1] ** 2) ** 0.5, (where[2] ** 2 + where[3] ** 2) ** 0.5
        x, y = where[4] + start * where[0], where[5] + self.state.rise * where[3] + start * where[1]
        self.marks.runs.append(Run(x, x + (end - start) * scale_x, y, self.state.size * scale_y, text))

    def rectangle(self, values: list[Any]) -> None:
        """Operator re: a closed rectangle."""
        x, y, width, height = (float(value) for value in values)
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
        self.path.append([self._point(*corner) for corner in corners])

    def start(self, values: list[Any]) -> None:
        """Operator m: a path begins."""
        self.path.append([self._point(float(values[0]), float(values[1]))])

    def to(self, values: list[Any]) -> None:
        """Operators l, c, v, y: the path goes on to the last point."""
        if self.path:
            self.path[-1].append(self._point(float(values[-2]), float(values[-1])))

    def close(self, _: list[Any]) -> None:
        """Operator h: back to where the path began."""
        if self.path:
            self.path[-1].append(self.path[-1][0])

    def stroke(self, _: list[Any]) -> None:
        """Operators S, s: straight parts of the path are rules."""
        for part in self.path:
            for one, other in pairwise(part):
                self._rule(*one, *other)
        self.path = []

    def fill(self, _: list[Any]) -> None:
        """Thin filled shapes are lines; wide ones are shading."""
        for part in self.path:
            xs, ys = [x for x, _ in part], [y for _, y in part]
            width, height = max(xs) - min(xs), max(ys) - min(ys)
            if height <= THIN < width:
                self._rule(min(xs), sum(ys) / len(ys), max(xs), sum(ys) / len(ys))
            elif width <= THIN < height:
                self._rule(sum(xs) / len(xs), min(ys), sum(xs) / len(xs), max(ys))
        self.path = []

    def drop(self, _: list[Any]) -> None:
        """Operator n: the path draws nothing."""
        self.path = []

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if abs(y1 - y0) <= 1 and abs(x1 - x0) >= SHORT:
            self.marks.rules.append(Rule(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= 1 and abs(y1 - y0) >= SHORT:
            self.marks.rules.append(Rule(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.state.matrix
        return a * x + c * y + e, b * x + d * y + f

    def set(self, name: str, values: list[Any], scale: float = 1.0) -> None:
        """One number of the text state."""
        setattr(self.state, name, float(values[0]) * scale)


def _get(holder: Any, name: Any) -> Any:
    if holder is None:
        return None
    found = holder.get_object().get(name) if hasattr(holder, "get_object") else holder.get(name)
    return found.get_object() if found is not None and hasattr(found, "get_object") else found


def _matrix(values: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _plain(value: Any) -> Any:
    """Strings as bytes, numbers as floats, arrays as lists of these."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return getattr(value, "original_bytes", value.encode("latin-1", "ignore"))
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return float(value) if hasattr(value, "as_numeric") else value


OPERATORS = {
    "q": Painter.save, "Q": Painter.restore, "cm": Painter.transform, "BT": Painter.begin,
    "Td": Painter.move, "TD": Painter.move_leading, "Tm": Painter.set_matrix, "T*": Painter.next_line,
    "Tj": Painter.show, "TJ": Painter.show_all, "'": Painter.show_next, '"': Painter.show_spaced,
    "Tc": lambda painter, values: painter.set("char_space", values), "Tw": lambda painter, values: painter.set("word_space", values),
    "Tz": lambda painter, values: painter.set("stretch", values, 0.01), "TL": lambda painter, values: painter.set("leading", values),
    "Ts": lambda painter, values: painter.set("rise", values),
    "re": Painter.rectangle, "m": Painter.start, "l": Painter.to, "c": Painter.to, "v": Painter.to, "y": Painter.to, "h": Painter.close,
    "S": Painter.stroke, "s": Painter.stroke, "f": Painter.fill, "F": Painter.fill, "f*": Painter.fill,
    "B": Painter.stroke, "B*": Painter.stroke, "b": Painter.stroke, "b*": Painter.stroke, "n": Painter.drop,
}  # fmt: skip
