"""From the text of a formula to its syntax tree, with errors that say where, why and what to write instead."""

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.formula.library import REGISTRY
from zhiheng.scoring.formula.syntax import (
    STRENGTH,
    Call,
    Chain,
    Literal,
    Name,
    Number,
    Power,
    Prefix,
    Relation,
    Span,
    Tree,
)

MAX_LENGTH = 4000
_OPERATORS = {"PLUS": "+", "MINUS": "-", "TIMES": "×", "DIVIDE": "÷", "AND": "且", "OR": "或", "NOT": "非"}
_RELATIONS = {
    "==": "=",
    "＝": "=",
    "<>": "≠",
    "!=": "≠",
    "＜": "<",
    "＞": ">",
    "<=": "≤",
    ">=": "≥",
    "≦": "≤",
    "≧": "≥",
}
_SUFFIXES = {
    "": Fraction(1),
    "%": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "万": Fraction(10**4),
    "亿": Fraction(10**8),
}


def parse_tree(text: str) -> Tree:
    """Syntax tree of a formula; raises ScoringError with line, column and excerpt."""
    if not text.strip():
        raise ScoringError("formula.empty", "", "公式是空的。", "请写一个公式，例如 [到账经费]/[教师人数]。")
    if len(text) > MAX_LENGTH:
        reason = f"公式有 {len(text)} 个字，超过 {MAX_LENGTH} 个字的上限。"
        raise ScoringError("formula.too_long", "", reason, "请把公式拆成几个有名字的指标。")
    try:
        tree = cast(Tree, _parser().parse(text))
    except UnexpectedInput as error:
        raise _syntax_error(text, error) from None
    return tree


def locate(text: str, position: int) -> Span:
    """Span of one character of the text."""
    before = text[:position]
    line = before.count("\n") + 1
    return Span(line, position - (before.rfind("\n") + 1) + 1, position, min(position + 1, len(text)))


def excerpt(text: str, start: int, end: int) -> str:
    """The piece of text around a position, with the position marked by ▸."""
    left, right = max(0, start - 12), min(len(text), max(end, start + 1) + 12)
    lead, tail = "…" if left else "", "…" if right < len(text) else ""
    return f"{lead}{text[left:start]}▸{text[start:right]}{tail}".replace("\n", " ")


def problem(code: str, text: str, span: Span, reason: str, advice: str) -> ScoringError:
    """Error at a span of the formula's text."""
    place = f"{span.place}「{excerpt(text, span.start, span.end)}」"
    return ScoringError(code, place, reason, advice)


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", transformer=_Builder(), maybe_placeholders=False)


def _between(first: Any, last: Any) -> Span:
    head, tail = _span(first), _span(last)
    return Span(head.line, head.column, head.start, tail.end)


def _span(part: Any) -> Span:
    if isinstance(part, Token):
        return Span(part.line or 1, part.column or 1, part.start_pos or 0, part.end_pos or 0)
    span: Span = part.span
    return span


def _joined(first: Tree, rest: tuple[tuple[str, Tree], ...], span: Span) -> Tree:
    """A chain whose left end is flat: (a + b) + c is a + b + c."""
    if isinstance(first, Chain) and STRENGTH[first.rest[0][0]] == STRENGTH[rest[0][0]]:
        return Chain(first.first, first.rest + rest, span)
    return Chain(first, rest, span)


@v_args(inline=True)
class _Builder(Transformer[Token, Tree]):
    """Builds the syntax tree bottom-up while parsing, so that no input can exhaust the stack."""

    def chain(self, first: Tree, *rest: Any) -> Tree:
        if not rest:
            return first
        pairs = tuple((_OPERATORS[rest[i].type], rest[i + 1]) for i in range(0, len(rest), 2))
        return _joined(first, pairs, _between(first, rest[-1]))

    def prefix(self, sign: Token, operand: Tree) -> Tree:
        if sign.type == "PLUS":
            return operand
        return Prefix(_OPERATORS[sign.type], operand, _between(sign, operand))

    def relation(self, left: Tree, *rest: Any) -> Tree:
        if not rest:
            return left
        sign = str(rest[0])
        return Relation(_RELATIONS.get(sign, sign), left, rest[1], _between(left, rest[1]))

    def power(self, base: Tree, *rest: Any) -> Tree:
        if not rest:
            return base
        exponent = rest[1]
        sign = -1 if isinstance(exponent, Prefix) and exponent.operator == "-" else 1
        number = exponent.operand if isinstance(exponent, Prefix) else exponent
        whole = isinstance(number, Number) and number.value.denominator == 1
        value = sign * int(number.value) if isinstance(number, Number) and whole else _NO_EXPONENT
        return Power(base, value, _between(base, exponent))

    def number(self, digits: Token, suffix: Token | None = None) -> Tree:
        unit = str(suffix or "").replace("％", "%")
        value = Fraction(str(digits)) * _SUFFIXES[unit]
        return Number(value, str(digits), unit, _between(digits, suffix or digits))

    def text(self, token: Token) -> Tree:
        return Literal(str(token)[1:-1], _span(token))

    def true(self, token: Token) -> Tree:
        return Literal(True, _span(token))

    def false(self, token: Token) -> Tree:
        return Literal(False, _span(token))

    def name(self, token: Token) -> Tree:
        return Name(str(token)[1:-1].strip(), _span(token))

    def call(self, name: Token, *parts: Any) -> Tree:
        arguments = tuple(part for part in parts if not isinstance(part, Token))
        span = _between(name, parts[-1])
        if name.type in ("AND", "OR") and arguments:
            rest = tuple((_OPERATORS[name.type], argument) for argument in arguments[1:])
            return _joined(arguments[0], rest, span) if rest else arguments[0]
        known = REGISTRY.find(str(name))
        return Call(known.name if known else str(name), arguments, span)

    def group(self, _open: Token, inner: Tree, _close: Token) -> Tree:
        return inner


_NO_EXPONENT = 10**6
"""Stands for an exponent that is not a whole number; the limits refuse it."""


def _syntax_error(text: str, error: UnexpectedInput) -> ScoringError:
    if isinstance(error, UnexpectedCharacters):
        position = error.pos_in_stream or 0
        reason, advice = _unknown_character(text[position])
        return problem("formula.syntax", text, locate(text, position), reason, advice)
    token = error.token if isinstance(error, UnexpectedToken) else Token("$END", "")
    if token.type == "$END":
        span = locate(text, len(text.rstrip()))
        missing = text.count("(") + text.count("（") > text.count(")") + text.count("）")
        advice = "请补上右括号「)」。" if missing else "请把最后一个运算符后面的内容写完。"
        return problem("formula.syntax", text, span, "公式到这里还没有写完。", advice)
    reason, advice = _unexpected_token(token, text)
    return problem("formula.syntax", text, _span(token), reason, advice)


def _unknown_character(character: str) -> tuple[str, str]:
    if character in "[【［]】］":
        return "方括号没有配对，或方括号里没有写名称。", "指标名请写成 [到账经费]。"
    if character in "\"'“”「」":
        return "引号没有配对。", '文字请写成 "总支"。'
    if character in "{}&|~@#$":
        return f"公式里不能用「{character}」。", "条件请用 且、或、非 连接，括号请用圆括号。"
    return f"不认识「{character}」。", "请检查这里的符号；小数请写成 0.5。"


def _unexpected_token(token: Token, text: str) -> tuple[str, str]:
    word = str(token)
    before = text[: token.start_pos or 0].rstrip()[-1:]
    if token.type == "IDENTIFIER" or before.isalpha():
        return (
            "函数名后面要有圆括号，指标名要写在方括号里。",
            "指标请写成 [到账经费]，函数请写成 最小([甲], [乙])。",
        )
    if token.type == "RELATION":
        return f"比较不能连写，「{word}」多余。", "请写成 [甲]>=1 且 [甲]<2。"
    if token.type == "CLOSE":
        return f"这里不应出现「{word}」。", "请检查括号是否多余，或括号前是否缺少内容。"
    if token.type == "COMMA":
        return f"这里不应出现「{word}」。", "逗号只用来分隔函数的参数；千位分隔符请去掉。"
    return f"这里不应出现「{word}」。", "请检查两项之间是否缺少运算符，例如 + - × ÷。"
