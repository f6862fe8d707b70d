"""Titles of heads (领导职务): one department has one family of titles (部长, 处长, 主任, 所长); strangers are slips (A 2.5 48)."""

import re
from collections.abc import Iterable

TITLE = re.compile(r"^(?P<deputy>副)?(?P<head>部长|处长|主任|所长|院长|馆长)岗?$")
ROOM = re.compile(r"^(?P<head>部长|处长|主任|所长|院长|馆长)室$")


def families(posts: Iterable[str]) -> tuple[set[str], set[str]]:
    """(families with a head, families with a deputy only)."""
    heads: set[str] = set()
    deputies: set[str] = set()
    for post in posts:
        if match := TITLE.match(post):
            (deputies if match["deputy"] else heads).add(match["head"])
    return heads, deputies - heads


def slip_of(name: str, posts: Iterable[str]) -> str | None:
    """The post or office meant where a name is of a family that has no head here, or carries a stray 岗; else None."""
    known = list(posts)
    heads, headless = families(known)
    match = TITLE.match(name) or ROOM.match(name)
    if match is None:
        return None
    if match["head"] in headless and len(heads) == 1:
        meant = heads.copy().pop()
        return f"{meant}室" if ROOM.match(name) else f"{match['deputy'] or ''}{meant}"
    bare = name.removesuffix("岗")
    return bare if name.endswith("岗") and bare in known else None
