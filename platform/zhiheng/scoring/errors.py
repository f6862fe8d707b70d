"""Errors of the scoring engine: a code, a place, a reason and an advice, both in Chinese."""

from collections.abc import Iterable


class ScoringError(Exception):
    """计分错误: one expected failure, worded for the person who wrote the rule.

    `code` is a stable ASCII word such as "formula.syntax"; `place` names where (line and column, leaf, measure);
    `reason` says what is wrong and `advice` what to do next, both in Chinese.
    """

    def __init__(self, code: str, place: str, reason: str, advice: str = "") -> None:
        self.code = code
        self.place = place
        self.reason = reason
        self.advice = advice
        super().__init__(code, place, reason, advice)

    def __str__(self) -> str:
        """One line: place, reason, advice."""
        head = f"{self.place}：" if self.place else ""
        tail = f" {self.advice}" if self.advice else ""
        return f"{head}{self.reason}{tail}"


class ScoringErrors(Exception):
    """多处计分错误: several findings at once, in `items`, so that all can be mended in one go."""

    def __init__(self, items: Iterable[ScoringError]) -> None:
        self.items: tuple[ScoringError, ...] = tuple(items)
        super().__init__(*self.items)

    def __str__(self) -> str:
        """One line per finding."""
        return "\n".join(str(item) for item in self.items)
