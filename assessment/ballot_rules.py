"""Rules of a ballot (测评规则): codes and receipts, what a valid ballot is.  Pure functions."""

import hashlib
import secrets
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that nobody confuses when typing from a card (no 0 O 1 I)."""
TOKEN_SIGNS = 16
"""80 bits: not to be guessed, and not to be found from a stolen table of hashes."""
RECEIPT_SIGNS = 6


def new_token() -> str:
    """A fresh voting code."""
    return "".join(secrets.choice(ALPHABET) for _unused in range(TOKEN_SIGNS))


def clean_token(text: str) -> str:
    """A code as typed or scanned, without blanks and hyphens, in capitals."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign in ALPHABET)


def digest_of(token: str) -> str:
    """What is stored of a code (SHA-256, hex)."""
    return hashlib.sha256(f"ballot:{token}".encode()).hexdigest()


def receipt_of(token: str) -> str:
    """Receipt number (回执号): the same for a repeated submission, and only who holds the code can work it out."""
    number = int.from_bytes(hashlib.sha256(f"receipt:{token}".encode()).digest()[:8], "big")
    signs = "".join(ALPHABET[number >> (5 * place) & 31] for place in range(RECEIPT_SIGNS))
    return f"{signs[:2]} {signs[2:4]} {signs[4:]}"


@dataclass(frozen=True)
class ChoiceError:
    """What is wrong with a ballot: the code of the unit where it can be mended, and why."""

    unit: str
    text: str


Entries = Sequence[Mapping[str, Any]]


def check_choices(units: Entries, grades: Entries, choices: Mapping[str, str]) -> list[ChoiceError]:
    """Every unit has one known grade and no grade is given too often; errors in the order of the paper."""
    labels = {grade["label"] for grade in grades}
    known = {unit["code"] for unit in units}
    errors = [
        ChoiceError("", f"票上没有“{code}”这个单位。请刷新页面。") for code in choices if code not in known
    ]
    for unit in units:
        chosen = choices.get(unit["code"])
        if not chosen:
            errors.append(ChoiceError(unit["code"], "请选一档"))
        elif chosen not in labels:
            errors.append(ChoiceError(unit["code"], f"没有“{chosen}”这一档，请重选"))
    return errors + _over_quota(units, grades, choices)


def _over_quota(units: Entries, grades: Entries, choices: Mapping[str, str]) -> list[ChoiceError]:
    errors = []
    for grade in grades:
        label, most = grade["label"], grade.get("at_most")
        given = [unit["code"] for unit in units if choices.get(unit["code"]) == label]
        if most is not None and len(given) > most:
            text = f"“{label}”最多选{most}个，您选了{len(given)}个，请把{len(given) - most}个改成别的档"
            errors.append(ChoiceError(given[most], text))
    return errors


def check_grades(grades: Entries, units: int | None = None) -> str:
    """What is wrong with the grades of a campaign, or empty; with ``units`` also whether a ballot can be filled in."""
    labels = [str(grade.get("label", "")).strip() for grade in grades]
    limits = [grade.get("at_most") for grade in grades]
    if len(labels) < 2 or not all(labels):
        return "至少要有两档，每档都有名称"
    if len(set(labels)) != len(labels):
        return "有两档的名称相同"
    if any(limit is not None and limit < 1 for limit in limits):
        return "限额至少是1"
    given = [limit for limit in limits if limit is not None]
    if units and len(given) == len(limits) and sum(given) < units:
        return f"各档限额加起来只有{sum(given)}个，票上有{units}个单位，没法填完"
    return ""


def check_paper(
    units: Entries, grades: Entries, ballots: int, counts: Mapping[str, Mapping[str, int]]
) -> list[ChoiceError]:
    """Paper ballots add up: every unit's numbers to the valid ballots, no grade above its quota over all ballots."""
    known = {unit["code"] for unit in units}
    errors = [ChoiceError("", f"没有“{code}”这个单位，请刷新页面") for code in counts if code not in known]
    for unit in units:
        row = [counts.get(unit["code"], {}).get(grade["label"], 0) for grade in grades]
        if min(row) < 0:
            errors.append(ChoiceError(unit["code"], f"{unit['name']}有负数，请核对"))
        given = sum(row)
        if given != ballots:
            text = f"{unit['name']}各档加起来是{given}票，有效票是{ballots}张，请核对"
            errors.append(ChoiceError(unit["code"], text))
    total = Counter[str]()
    for given_to in counts.values():
        total.update(given_to)
    for grade in grades:
        label, most = grade["label"], grade.get("at_most")
        if most is not None and total[label] > most * ballots:
            text = f"“{label}”共{total[label]}票，超过{ballots}张票的限额{most * ballots}票，有票超限应作废"
            errors.append(ChoiceError("", text))
    return errors
