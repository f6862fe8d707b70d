"""Typed figures of the release form (填报的数): read kindly, errors at the field."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from zhiheng.benchmarking.models import ReleasedValue
from zhiheng.benchmarking.services.releases import Figure, figure_value
from zhiheng.kernel.errors import Problem
from zhiheng.kernel.numbers import plain, round_half_up
from zhiheng.library.models import IndicatorDefinition
from zhiheng.web.peers.rows import figure

THOUSANDS = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")
PLACES = 4
LARGEST = Decimal(10) ** 13
JUMP = Decimal("0.3")


@dataclass
class Line:
    """One indicator on the form with what was typed, the errors, and what was released before."""

    definition: IndicatorDefinition
    numerator: str = ""
    denominator: str = ""
    numerator_error: str = ""
    denominator_error: str = ""
    before: ReleasedValue | None = None
    last_year: ReleasedValue | None = None
    ready: Figure | None = None
    value: Decimal | None = None

    @property
    def filled(self) -> bool:
        """Something was typed: the indicator is to be released."""
        return bool(self.numerator or self.denominator)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(text, id of the input) of everything that has to be changed."""
        code = self.definition.code
        found = [(self.numerator_error, f"n-{code}"), (self.denominator_error, f"d-{code}")]
        return [(f"{self.definition.title}：{text}", place) for text, place in found if text]

    @property
    def shown(self) -> str:
        """The value as others see it, with unit."""
        return (
            f"{figure(self.value, self.definition)}{self.definition.unit}" if self.value is not None else ""
        )

    @property
    def former(self) -> str:
        """Last year's value, with unit; an em dash when there is none."""
        if self.last_year is None:
            return figure(None, self.definition)
        return f"{figure(self.last_year.value, self.definition)}{self.definition.unit}"

    @property
    def jumps(self) -> str:
        """A word when the value is far from last year's: 比上年高52%."""
        if self.value is None or self.last_year is None or not self.last_year.value:
            return ""
        change = (self.value - self.last_year.value) / self.last_year.value
        if abs(change) < JUMP:
            return ""
        percent = f"{round_half_up(abs(change) * 100, 0):f}"
        return (_("比上年高{p}%") if change > 0 else _("比上年低{p}%")).format(p=percent)


def lines_for(
    definitions: Iterable[IndicatorDefinition],
    typed: Mapping[str, tuple[str, str]],
    before: Mapping[str, ReleasedValue],
    last_year: Mapping[str, ReleasedValue],
) -> list[Line]:
    """All indicators of the year with what was typed."""
    return [
        Line(
            one,
            *typed.get(one.code, ("", "")),
            before=before.get(one.code),
            last_year=last_year.get(one.code),
        )
        for one in definitions
    ]


def check(lines: Iterable[Line]) -> None:
    """Reads every filled line; leaves errors, or the figure and its exact value."""
    for line in lines:
        if not line.filled:
            continue
        numerator, line.numerator_error = number(line.numerator, _("分子“{name}”"), line.definition.numerator)
        denominator: Decimal | None = None
        if line.definition.denominator:
            name = line.definition.denominator
            denominator, line.denominator_error = number(line.denominator, _("分母“{name}”"), name)
            if denominator == 0:
                line.denominator_error = _("分母不能是0。")
        if numerator is None or line.numerator_error or line.denominator_error:
            continue
        line.ready = Figure(line.definition.code, numerator, denominator)
        try:
            line.value = figure_value(line.ready, line.definition)
        except Problem as problem:
            line.ready, line.numerator_error = None, problem.text(_)


def number(text: str, place: str, name: str) -> tuple[Decimal | None, str]:
    """The number typed, or why it is none and what is allowed; ``place`` tells which of the two it is."""
    plain_text = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    if not plain_text:
        return None, _("{place}还没有填。").format(place=place.format(name=name))
    if THOUSANDS.match(plain_text):
        plain_text = plain_text.replace(",", "")
    try:
        value = Decimal(plain_text)
    except InvalidOperation:
        return None, _("“{text}”不是数。请只填数字，单位不用写。").format(text=text)
    if not value.is_finite() or value < 0 or value >= LARGEST:
        return None, _("“{text}”超出范围。请填0或更大的数。").format(text=text)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES:
        return None, _("“{text}”小数太多。最多{n}位。").format(text=text, n=PLACES)
    return value, ""


def typed_of(values: Mapping[str, ReleasedValue]) -> dict[str, tuple[str, str]]:
    """What was released, as it would be typed."""
    return {
        code: (plain(v.numerator), "" if v.denominator is None else plain(v.denominator))
        for code, v in values.items()
    }
