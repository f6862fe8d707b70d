"""Workflow cells (工作流程): chains of steps with actors (catalogue.md B 2.3)."""

import re
from dataclasses import dataclass, field, replace

from integrations.importers.findings import Report
from integrations.importers.grid import Line
from integrations.importers.procedures.actors import Actors, Cast, infer, named_in_sentence
from integrations.importers.procedures.entries import CHINESE, close, ordinal

ARROW = re.compile(r"\s*(?:[→⟶⇒➔➜➝➞►▶↓⇨]|[-—–=]{1,3}[>＞])\s*")
HEADING = re.compile(
    rf"^\s*(?:(?P<han>[{CHINESE}]{{1,3}})\s*[、.．]|[（(](?P<paren>[{CHINESE}]{{1,3}})[)）]|(?P<no>\d{{1,2}})\s*[.．、])?\s*(?P<name>.{{2,24}}?)(?P<colon>[:：])?\s*$"
)
OPENERS, CLOSERS = "（(", "）)"


@dataclass
class Step:
    """One step of a chain (步骤)."""

    no: int
    text: str
    actors: Actors
    line: Line


@dataclass
class Chain:
    """Steps in order (流程); ``name`` joins the headings above it with a slash, empty when there is only one chain."""

    name: str
    steps: list[Step] = field(default_factory=list)


@dataclass
class _Strand:
    """Text of one chain, put together again, with the line that each piece began in."""

    name: str
    pieces: list[tuple[str, Line]]


def chains_of(
    lines: list[Line], cast: Cast, duties: dict[str, list[str]], report: Report, about: str
) -> list[Chain]:
    """All chains of a workflow cell; every line is claimed."""
    report.claim(*lines)
    if any(ARROW.search(line.text) for line in lines):
        strands = _strands(lines, cast, report, about)
    else:
        strands = _listed(lines, cast)
    chains = [Chain(strand.name, _steps(strand, cast, duties, report, about)) for strand in strands]
    return [chain for chain in chains if chain.steps]


def _strands(lines: list[Line], cast: Cast, report: Report, about: str) -> list[_Strand]:
    """Cuts by headings; joins paragraphs that break a chain (C1, C2, C17); pieces are split at the arrows."""
    names: dict[str, str] = {}
    strands: list[_Strand] = []
    open_text: list[tuple[str, Line]] = []
    for line in lines:
        heading = (
            _heading(line.text, cast)
            if not (open_text and _unfinished(open_text[-1][0], line.text))
            else None
        )
        if heading is not None:
            if open_text:
                strands.append(_Strand("/".join(names.values()), _split(open_text)))
                open_text = []
            level, name = heading
            names = {key: value for key, value in names.items() if key < level} | {level: name}
        else:
            if open_text:
                report.repair("chain_joined", "流程被分段，已接上", line, about=about)
            open_text.append((line.text, line))
    if open_text:
        strands.append(_Strand("/".join(names.values()), _split(open_text)))
    return strands


def _heading(text: str, cast: Cast) -> tuple[str, str] | None:
    """(level, name) of a line that only names the chain below it."""
    if (
        ARROW.search(text)
        or text.rstrip().endswith(("。", "；", ";"))
        or (text.lstrip().startswith(tuple(OPENERS)) and not HEADING.match(text))
    ):
        return None
    match = HEADING.match(text)
    if not match or ((trailing := trailing_bracket(text)) and cast.read(trailing[1])):
        return None
    if match["han"]:
        return "1", match["name"].strip()
    if match["paren"]:
        return "2", match["name"].strip()
    if match["no"]:
        return "3", match["name"].strip()
    return ("1", match["name"].strip()) if match["colon"] else None


def _unfinished(before: str, text: str) -> bool:
    """Does a chain go on in the next paragraph: after an arrow, before an arrow, or before its bracket?"""
    stripped = before.rstrip()
    return (
        bool(re.search(r"(?:[→⟶⇒➔➜➝➞►▶↓⇨]|[>＞])$", stripped))
        or text.lstrip().startswith(tuple(OPENERS))
        or bool(ARROW.match(text))
    )


def _split(parts: list[tuple[str, Line]]) -> list[tuple[str, Line]]:
    """Pieces between arrows; a paragraph break inside a piece is joined, its line is where the piece begins."""
    pieces: list[tuple[str, Line]] = []
    closed = True
    for text, line in parts:
        segments = ARROW.split(text)
        begins_new = bool(ARROW.match(text)) or closed
        for index, segment in enumerate(segments):
            if index == 0 and not begins_new and pieces:
                pieces[-1] = (pieces[-1][0] + segment.strip(), pieces[-1][1])
            elif segment.strip():
                pieces.append((segment.strip(), line))
        closed = not segments[-1].strip()
    return pieces


def _listed(lines: list[Line], cast: Cast) -> list[_Strand]:
    """A list instead of arrows (C4): one step per paragraph; a heading with a colon starts a new chain."""
    strands = [_Strand("", [])]
    expected = 1
    for line in lines:
        heading = re.match(rf"^\s*(?:[{CHINESE}]{{1,3}}、)?\s*([^，。；;]{{2,24}})[:：]\s*$", line.text)
        if heading:
            strands.append(_Strand(heading[1], []))
            expected = 1
            continue
        no, text = ordinal(line.text, expected)
        if (
            text.lstrip().startswith(tuple(OPENERS))
            and strands[-1].pieces
            and no is None
            and cast.read(text.strip().strip("（）()"))
        ):
            before, place = strands[-1].pieces[-1]
            strands[-1].pieces[-1] = (before + text.strip(), place)
            continue
        expected = (no or expected) + 1
        strands[-1].pieces.append((text.strip(), line))
    return strands


def _steps(
    strand: _Strand, cast: Cast, duties: dict[str, list[str]], report: Report, about: str
) -> list[Step]:
    steps: list[Step] = []
    for piece, line in strand.pieces:
        for text, actors in _cut_piece(piece, cast, line, report, about):
            if not text and steps and actors:
                steps[-1].actors = actors
                continue
            found = actors or infer(text, cast, duties)
            steps.append(Step(len(steps) + 1, text, found or Actors(()), line))
            _doubts(steps[-1], written=actors is not None, report=report, about=about)
            if actors and "各相关方" in (actors.text or ""):
                named = named_in_sentence(text, cast)
                steps[-1].actors = replace(actors, names=named or actors.names)
    _from_neighbours(steps, cast)
    return steps


def _cut_piece(
    piece: str, cast: Cast, line: Line, report: Report, about: str
) -> list[tuple[str, Actors | None]]:
    """One step, or two where the arrow between them is missing (C3)."""
    for head, bracket, tail in _inner_brackets(piece):
        actors = cast.read(bracket)
        if actors and set(actors.names) <= {
            *cast.parties,
            *(name for name, count in cast.written.items() if count > 1),
        }:
            report.warn("arrow_missing", "两步之间缺少箭头，已拆开", line, f"{head}→{tail}", about=about)
            return [(close(head), actors), *_cut_piece(tail, cast, line, report, about)]
    found = trailing_bracket(piece)
    actors = cast.read(found[1]) if found else None
    if found and actors:
        return [(close(found[0]), actors)]
    return [(close(piece), None)]


def _inner_brackets(piece: str) -> list[tuple[str, str, str]]:
    """(text before, bracket, text after) for brackets that are followed by more words."""
    return [
        (piece[: match.start()], match[1], piece[match.end() :])
        for match in re.finditer(
            r"[（(]([^（()）]{2,20})[)）]+(?=[^\s，。；;、,.（(）)的等中内上下后前时])", piece
        )
    ]


def trailing_bracket(text: str) -> tuple[str, str] | None:
    """(text before, content) of the last bracket when nothing but marks follows it; tolerant of doubled brackets (C11)."""
    bare = text.rstrip(" \u3000。；;，,、.")
    if not bare or bare[-1] not in CLOSERS:
        return None
    end = len(bare.rstrip(CLOSERS))
    depth = 1
    for index in range(end - 1, -1, -1):
        if bare[index] in CLOSERS:
            depth += 1
        elif bare[index] in OPENERS:
            depth -= 1
            if depth == 0:
                return bare[:index], bare[index + 1 : end]
    return None


def _from_neighbours(steps: list[Step], cast: Cast) -> None:
    """A step without any hint takes the actor that the steps on both sides share, or else the office in charge."""
    for index, step in enumerate(steps):
        if step.actors.names:
            continue
        around = [
            steps[i].actors.names
            for i in (index - 1, index + 1)
            if 0 <= i < len(steps) and steps[i].actors.names
        ]
        names = around[0] if around and all(names == around[0] for names in around) else ()
        lead = cast.lead_party()
        names = names or ((lead,) if lead else ())
        step.actors = Actors(names, source="context", why="前后步骤") if names else step.actors


MESSAGES = {
    "direction": "责任主体写成“甲到乙”，已读作甲办理、乙接收",
    "which_unit": "没有写明是哪些部门，启动时再选",
    "unit_shortened": "部门名称写得不全，已按职责栏补全",
    "unit_alias": "“学院”可能指学校，请确认",
}


def _doubts(step: Step, *, written: bool, report: Report, about: str) -> None:
    where = f"{about} 第{step.no}步"
    for doubt in step.actors.doubts:
        report.warn(f"actor_{doubt}", MESSAGES[doubt], step.line, "、".join(step.actors.names), about=where)
    if not written:
        report.warn(
            "actor_not_written",
            "没有写明由谁办理，请确认推断",
            step.line,
            "、".join(step.actors.names) or None,
            about=where,
        )
