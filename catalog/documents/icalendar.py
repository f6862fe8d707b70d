"""Dates as an iCalendar file (RFC 5545): whole-day events that calendars of phones and offices take in."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LINE_OCTETS = 75


@dataclass(frozen=True)
class CalendarEvent:
    """One whole-day event; ``end`` is its last day; ``uid`` stays the same over all downloads."""

    uid: str
    start: dt.date
    end: dt.date
    title: str
    note: str = ""
    address: str = ""


def icalendar(events: Iterable[CalendarEvent], *, name: str, made_at: dt.datetime) -> bytes:
    """The file, lines folded at 75 octets and ended with CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//zhiheng//catalogue//ZH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    stamp = made_at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(event: CalendarEvent, stamp: str) -> list[str]:
    after = event.end + dt.timedelta(days=1)
    found = [
        "BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}", f"SUMMARY:{_escaped(event.title)}",
    ]  # fmt: skip
    found += [f"DESCRIPTION:{_escaped(event.note)}"] if event.note else []
    found += [f"URL:{event.address}"] if event.address else []
    return [*found, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets; a character is never cut; further pieces begin with a blank."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > LINE_OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + width
    yield piece
