"""Duty catalogues compared (职责表对照): how_to_compare of the hand-made reading."""

from typing import Any

from integrations.importers.comparing.figures import Figure, Figures
from integrations.importers.folding import fold, similarity

WORK_LIKE, ENTRY_LIKE = 0.9, 0.8
Record = dict[str, Any]
NAMES = ("duties", "work_items", "work_posts", "work_sections", "entries", "entry_posts", "entry_sections", "links",
         "standard_starts", "standard_entries", "standard_texts")  # fmt: skip


def compare_catalogue(reading: Record, gold: Record) -> tuple[Figures, Record]:
    """Figures over the departments that the gold covers, and the share of wrong links without a warning."""
    figures: Figures = {name: Figure() for name in NAMES}
    links = {"right": 0, "wrong_warned": 0, "wrong_silent": 0, "missing": 0}
    warned = _warned_places(reading)
    for wanted in gold["departments"]:
        found = _department(reading["departments"], wanted)
        _duties(figures, found, wanted)
        _works(figures, found, wanted)
        _entries(figures, found, wanted, links, warned)
    total = sum(links.values())
    silent = links["wrong_silent"] / total if total else 0.0
    return figures, {"link_outcomes": links, "wrong_links_without_warning": round(silent, 4)}


def _warned_places(reading: Record) -> set[str]:
    """ "work number + text" of the entries whose link is asked of the person."""
    return {
        fold(str(warning.get("about")))
        for warning in reading["warnings"]
        if str(warning["code"]).startswith("link")
    }


def _department(departments: list[Record], wanted: Record) -> Record:
    names = {fold(name) for name in [wanted["name"], *wanted.get("aliases", [])]}
    for department in departments:
        mine = {fold(name) for name in [department["name"], *department.get("aliases", [])]}
        if mine & names:
            return department
    scored = [
        (similarity(department["name"], wanted["name"]), index)
        for index, department in enumerate(departments)
    ]
    best = max(scored, default=(0.0, 0))
    return departments[best[1]] if best[0] >= 0.6 else {"duties": [], "standards": []}


def _duties(figures: Figures, found: Record, wanted: Record) -> None:
    left = list(found["duties"])
    for duty in wanted["duties"]:
        match = next((one for one in left if _same_duty(one, duty)), None)
        if match is None:
            figures["duties"].missed(f"{wanted['name']} {duty['no']} {duty['text']}")
            continue
        left.remove(match)
        figures["duties"].add(right=True)
    for duty in left:
        figures["duties"].surplus(f"{wanted['name']} {duty['no']} {duty['text']}")


def _same_duty(one: Record, other: Record) -> bool:
    if one["scope"] != other["scope"]:
        return False
    numbers = one["no"] is not None and str(one["no"]) == str(other["no"])
    return (numbers and similarity(one["text"], other["text"]) >= ENTRY_LIKE) or fold(one["text"]) == fold(
        other["text"]
    )


def _works(figures: Figures, found: Record, wanted: Record) -> None:
    mine = {str(work["no"]): work for duty in found["duties"] for work in duty["work_items"]}
    seen = set()
    for work in (work for duty in wanted["duties"] for work in duty["work_items"]):
        match, where = mine.get(str(work["no"])), f"{wanted['name']} {work['no']} {work['text']}"
        if match is None or similarity(match["text"], work["text"]) < WORK_LIKE:
            figures["work_items"].missed(where)
            continue
        seen.add(str(work["no"]))
        figures["work_items"].add(right=True)
        _label(figures["work_posts"], match, work, "post", where)
        _label(figures["work_sections"], match, work, "section", where)
    for no, work in mine.items():
        if no not in seen:
            figures["work_items"].surplus(f"{wanted['name']} {no} {work['text']}")


def _label(figure: Figure, found: Record, wanted: Record, key: str, where: str) -> None:
    accepted = {fold(name) for name in (wanted.get(key), wanted.get(f"{key}_canonical")) if name}
    given = {fold(name) for name in (found.get(key), found.get(f"{key}_canonical")) if name}
    if not given:
        figure.missed(where)
    else:
        figure.add(right=bool(accepted & given), miss=f"{where}: {sorted(given)} / {sorted(accepted)}")


def _entries(figures: Figures, found: Record, wanted: Record, links: Record, warned: set[str]) -> None:
    left = list(found["standards"])
    homeless: list[tuple[Record, str]] = []
    for entry in wanted["standards"]:
        where = f"{wanted['name']} {entry['work_no']} {entry['work_text']}"
        match = _entry_match(left, entry)
        if match is None:
            figures["entries"].missed(where)
            figures["links"].missed(where)
            links["missing"] += 1
            homeless += [(standard, where) for standard in entry["standards"]]
            continue
        left.remove(match)
        figures["entries"].add(right=True)
        _label(figures["entry_posts"], match, entry, "post", where)
        _label(figures["entry_sections"], match, entry, "section", where)
        _link(figures["links"], match, entry, links, warned=warned, where=where)
        _standards(figures, match["standards"], entry["standards"], where)
    everywhere = [standard for entry in found["standards"] for standard in entry["standards"]]
    for standard, where in homeless:
        _homeless(figures, everywhere, standard, where)
    for entry in left:
        figures["entries"].surplus(f"{wanted['name']} {entry['work_no']} {entry['work_text']}")
        for standard in entry["standards"]:
            figures["standard_entries"].surplus(f"{wanted['name']} {standard['no']} {standard['text'][:16]}")


def _entry_match(left: list[Record], entry: Record) -> Record | None:
    sections = {fold(name) for name in (entry["section"], entry.get("section_canonical")) if name}
    able = []
    for one in left:
        mine = {fold(name) for name in (one["section"], one.get("section_canonical")) if name}
        alike = similarity(one["work_text"], entry["work_text"])
        if mine & sections and one["work_no"] == entry["work_no"] and alike >= ENTRY_LIKE:
            overlap = sum(
                _matching(one["standards"], standard) is not None for standard in entry["standards"]
            )
            able.append((overlap, alike, left.index(one)))
    return left[max(able)[2]] if able else None


def _link(
    figure: Figure, found: Record, wanted: Record, links: Record, *, warned: set[str], where: str
) -> None:
    if found.get("matches_work_no") is None:
        figure.missed(where)
        links["missing"] += 1
        return
    right = str(found["matches_work_no"]) == str(wanted["matches_work_no"])
    figure.add(right=right, miss=f"{where}: {found['matches_work_no']} / {wanted['matches_work_no']}")
    told = fold(f"{found['work_no']} {found['work_text']}") in warned
    links["right" if right else "wrong_warned" if told else "wrong_silent"] += 1


def _numbers(standard: Record) -> set[str]:
    return {fold(str(standard[key])) for key in ("no", "intended_no", "printed_no") if standard.get(key)}


def _matching(standards: list[Record], wanted: Record) -> Record | None:
    starts = fold(wanted["starts"])
    for standard in standards:
        if _numbers(standard) & _numbers(wanted) and fold(standard["text"]).startswith(starts):
            return standard
    return None


def _standards(figures: Figures, found: list[Record], wanted: list[Record], where: str) -> None:
    left = list(found)
    for standard in wanted:
        match = _matching(left, standard)
        label = f"{where} | {standard['no']} {standard['starts']}"
        if match is None:
            figures["standard_starts"].missed(label)
            figures["standard_entries"].missed(label)
            continue
        left.remove(match)
        figures["standard_starts"].add(right=True)
        figures["standard_entries"].add(right=True)
        _joined(figures["standard_texts"], match, standard, label)
    for standard in left:
        label = f"{where} | {standard['no']} {standard['text'][:16]}"
        figures["standard_starts"].surplus(label)
        figures["standard_entries"].surplus(label)


def _joined(figure: Figure, found: Record, wanted: Record, label: str) -> None:
    text = fold(found["text"])
    if wanted.get("text"):
        figure.add(right=similarity(found["text"], wanted["text"]) >= 0.95, miss=label)
    elif wanted.get("ends"):
        figure.add(
            right=text.endswith(fold(wanted["ends"])),
            miss=f"{label} … {found['text'][-24:]} / {wanted['ends']}",
        )


def _homeless(figures: Figures, everywhere: list[Record], standard: Record, where: str) -> None:
    """The start may be right although the entry is not."""
    label = f"{where} | {standard['no']} {standard['starts']}"
    figures["standard_entries"].missed(label)
    if _matching(everywhere, standard) is not None:
        figures["standard_starts"].add(right=True)
    else:
        figures["standard_starts"].missed(label)
