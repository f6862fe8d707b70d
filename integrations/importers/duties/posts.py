"""Who does it (岗位与科室归属): posts and sections of work items and of entries.

Labels are centred in blocks of rows, so they are not carried down (that is right for less than half).  Each entry takes
the post of its work item in table 1-3 unless the labels of table 1-4 say otherwise; the cheapest consistent run of posts
over all entries is chosen (catalogue.md A 2.2 14, 17, 18; 2.5 47-50).
"""

from collections import Counter, defaultdict
from collections.abc import Callable

from integrations.importers.duties.context import Context
from integrations.importers.duties.entries import Entry
from integrations.importers.duties.labelling import Evidence
from integrations.importers.duties.titles import slip_of
from integrations.importers.duties.tracks import Track, cheapest
from integrations.importers.duties.vocabulary import Names, bare
from integrations.importers.duties.works import WorkItem
from integrations.importers.findings import Report
from integrations.importers.folding import squeeze

MISMATCH, WEAK, WRONG_SECTION = 0.6, 0.3, 1.5


def settle_works(items: list[WorkItem], context: Context) -> None:
    """Posts and sections of table 1-3: legible labels, near names, then what the rows of the same post say."""
    for work in items:
        _settle_post(work, context)
        _settle_section(work, context)
    _fill_posts(items, context.report)
    settle_sections(items, context.report)
    _fill_by_duty(items, context.report)
    settle_sections(items, context.report)
    _mend_slips(items, context.posts, context.report)


def _settle_post(work: WorkItem, context: Context) -> None:
    posts, sections, report = context.posts, context.sections, context.report
    text = bare(work.post_raw)
    if not text:
        return
    if text in posts:
        work.post = work.post_canonical = text
    elif text in sections:
        # The authors put the office where its head belongs.
        work.post, work.post_canonical = (
            text,
            text[:-1] if text.endswith("室") and text[:-1] in posts else None,
        )
        work.flags.append("post_is_section")
        report.warn(
            "post_is_section", "岗位栏写的是科室，请确认岗位", work.line, work.post_canonical, about=work.no
        )
    elif near := posts.nearest(text):
        work.post = work.post_canonical = near[0]
        report.warn("label_mended", "岗位名称认不清，取名录中最接近的", work.line, near[0], about=work.no)
    else:
        work.flags.append("post_garbled")


def _fill_posts(items: list[WorkItem], report: Report) -> None:
    """Blank post cells of a vertically merged label: the label of the same duty's neighbours when they agree."""
    for index, work in enumerate(items):
        if work.post is not None:
            continue
        before = next((other for other in reversed(items[:index]) if other.post), None)
        after = next((other for other in items[index + 1 :] if other.post), None)
        same_duty = {other.post for other in (before, after) if other and other.item[0] == work.item[0]}
        if len(same_duty) == 1 and _mostly_blank(items, work):
            work.post = work.post_canonical = same_duty.pop()
            work.flags.append("merged_cell_filled")
            report.warn("post_filled", "岗位是合并单元格，按相邻行补全", work.line, work.post, about=work.no)


def _mostly_blank(items: list[WorkItem], work: WorkItem) -> bool:
    mine = [other for other in items if other.item[0] == work.item[0]]
    return sum(1 for other in mine if not other.post_raw) >= len(mine) / 2


def _settle_section(work: WorkItem, context: Context) -> None:
    posts, sections = context.posts, context.sections
    text = bare(work.section_raw)
    base = text.replace("（", "(").split("(")[0]
    if text in sections:
        work.section = text
    elif base in sections:
        work.section = text
        work.section_canonical = base
    elif text and text not in posts and (near := sections.nearest(text)):
        work.section = near[0]
    work.section_canonical = work.section_canonical or work.section


def _fill_by_duty(items: list[WorkItem], report: Report) -> None:
    """Within a duty whose rows print one section once, that label covers the blank rows above and below it."""
    for duty in dict.fromkeys(work.item[0] for work in items):
        mine = [work for work in items if work.item[0] == duty]
        printed = {work.section_canonical for work in mine if work.section_canonical}
        filled = [work for work in mine if work.section_raw]
        if len(printed) == 1 and len(filled) == 1 and len(mine) > 1:
            for work in mine:
                if work.section is None:
                    work.section = work.section_canonical = next(iter(printed))
                    work.flags.append("merged_cell_filled")
                    report.warn(
                        "section_filled",
                        "科室是合并单元格，按本职责的标签补全",
                        work.line,
                        work.section,
                        about=work.no,
                    )


def settle_sections(items: list[WorkItem], report: Report) -> None:
    """Blank or illegible sections take the section that the other rows of the same post give."""
    homes = home_sections([work for work in items if work.section_raw])
    for work in items:
        if work.section is None and work.post_canonical in homes:
            work.section = work.section_canonical = homes[work.post_canonical]
            work.flags.append("section_filled")
            report.warn(
                "section_filled",
                "科室是合并单元格或认不清，按同岗位其他行补全",
                work.line,
                work.section,
                about=work.no,
            )


def _mend_slips(items: list[WorkItem], posts: Names, report: Report) -> None:
    """Titles of another family than the department's head are the authors' slips; the printed word stays."""
    for work in items:
        for field in ("post", "section"):
            printed = getattr(work, field)
            meant = slip_of(printed, posts.counts) if printed else None
            if meant:
                setattr(work, f"{field}_canonical", meant)
                work.flags.append("author_slip")
                report.warn(
                    "title_slip",
                    "职务或科室与本部门负责人的称谓不一致，请确认",
                    work.line,
                    meant,
                    about=work.no,
                )


def home_sections(items: list[WorkItem]) -> dict[str, str]:
    """Post -> the section it most often belongs to."""
    homes: dict[str, Counter[str]] = defaultdict(Counter)
    for work in items:
        if work.post_canonical and work.section_canonical:
            homes[work.post_canonical][work.section_canonical] += 1
    return {post: counts.most_common(1)[0][0] for post, counts in homes.items()}


def settle_entries(
    entries: list[Entry],
    items: list[WorkItem],
    evidence: list[Evidence],
    caption_of: dict[str, str],
    posts: Names,
) -> None:
    """Sets post and section of each entry; ``caption_of`` maps a section's caption to its name in table 1-3."""
    by_item = {work.item: work for work in items}
    ordered = sorted(entries, key=lambda entry: entry.rows[0])
    homes = home_sections(items)
    labels = [found for found in evidence if not found.section]
    seen = {found.name for found in labels}
    states = sorted({name for name in {*homes, *seen} if slip_of(name, posts.counts) is None})
    alien = any(name not in homes for name in seen)
    unseen = set(homes) - seen if alien else set()
    track = Track(
        states,
        labels,
        lambda entry: _expected_post(by_item, entry, unseen),
        _away_from_home(homes, caption_of),
    )
    for entry, post in zip(ordered, cheapest(ordered, track), strict=True):
        work = by_item.get(entry.link) if entry.link else None
        entry.post_13 = work.post_canonical if work else None
        entry.section_13 = work.section_canonical if work else None
        entry.post = post or entry.post_13
    _sections(ordered, by_item, [found for found in evidence if found.section], homes)


def _expected_post(
    by_item: dict[tuple[int, int], WorkItem], entry: Entry, unseen: set[str]
) -> tuple[str | None, float]:
    """(post of table 1-3, cost of another one); a post that table 1-4 may know by another name counts less."""
    work = by_item.get(entry.link) if entry.link else None
    if work is None or work.post_canonical is None:
        return None, 0.0
    weak = "post_is_section" in work.flags or "author_slip" in work.flags or work.post_canonical in unseen
    return work.post_canonical, WEAK if weak else MISMATCH


def _away_from_home(homes: dict[str, str], caption_of: dict[str, str]) -> Callable[[Entry, str], float]:
    def cost(entry: Entry, state: str) -> float:
        caption = entry.section_caption
        away = caption is not None and state in homes and homes[state] != caption_of.get(caption, caption)
        return WRONG_SECTION if away else 0.0

    return cost


def _sections(
    ordered: list[Entry],
    by_item: dict[tuple[int, int], WorkItem],
    labels: list[Evidence],
    homes: dict[str, str],
) -> None:
    """The caption above the table, else the section of the post; where that is unknown, what the labels say."""

    def expected(entry: Entry) -> tuple[str | None, float]:
        work = by_item.get(entry.link) if entry.link else None
        if (
            work is not None
            and work.section_canonical
            and (entry.post == work.post_canonical or entry.post not in homes)
        ):
            return work.section_canonical, MISMATCH
        return homes.get(entry.post or ""), MISMATCH

    free = [entry for entry in ordered if not entry.section_caption]
    states = sorted(
        {name for entry in free if (name := expected(entry)[0])} | {found.name for found in labels}
    )
    track = Track(states, labels, expected, _nothing)
    run = dict(zip(map(id, free), cheapest(free, track), strict=True))
    for entry in ordered:
        entry.section = entry.section_caption or expected(entry)[0] or run[id(entry)]


def _nothing(_entry: Entry, _state: str) -> float:
    return 0.0


def fill_works(entries: list[Entry], items: list[WorkItem], report: Report) -> None:
    """Posts that table 1-3 leaves blank, from the entries linked to them when those agree (A 2.2 17)."""
    for work in items:
        if work.post_canonical is not None:
            continue
        named = {entry.post for entry in entries if entry.link == work.item and entry.post}
        if len(named) == 1:
            name = named.pop()
            work.post_canonical = name
            work.post = work.post or name
            work.flags.append("filled_from_table_1_4")
            report.warn("post_filled", "岗位栏空缺，按标准表补全", work.line, name, about=work.no)
        elif "post_is_section" not in work.flags:
            report.warn("post_missing", "没有写明岗位，请指明", work.line, None, about=work.no)


def caption_names(entries: list[Entry], items: list[WorkItem]) -> dict[str, str]:
    """Caption of a section -> its name in table 1-3, where the two tables name it differently (A 2.5 47)."""
    by_item = {work.item: work for work in items}
    known = {work.section_canonical for work in items}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        work = by_item.get(entry.link) if entry.link else None
        if entry.section_caption and work and work.section_canonical:
            votes[entry.section_caption][work.section_canonical] += 1
    return {
        caption: squeeze(caption)
        if squeeze(caption) in known or not votes[caption]
        else votes[caption].most_common(1)[0][0]
        for caption in {entry.section_caption for entry in entries if entry.section_caption}
    }
