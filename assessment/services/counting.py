"""Counting (计票): paper ballots by two people, and the counts that become facts of the cycle."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from assessment.ballot_rules import check_paper
from assessment.models import BallotCampaign, BallotState, PaperCount, RaterClass
from assessment.selectors.ballots import papers_of, tally, turnout, units_of
from assessment.services.ballot_guard import locked_campaign, not_now, refuse
from assessment.services.facts import FactDiff, facts_store
from assessment.spreadsheets.facts import CellKey
from assessment.values import Cell
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem

NOT_COUNTED = {BallotState.OPEN, BallotState.CLOSED}


@transaction.atomic
def paper_enter(
    *, rater_class: RaterClass, label: str, ballots: int, counts: Mapping[str, Mapping[str, int]], acting_user: Any,
    invalid: int = 0,
) -> PaperCount:  # fmt: skip
    """Type in one box of paper ballots; it counts once another person has confirmed it.

    Raises STATE before opening and after counting, INVALID_INPUT with ``errors`` when the numbers do not add up.
    """
    campaign = locked_campaign(rater_class.campaign, NOT_COUNTED, "录线下票", acting_user)
    if rater_class.papers.filter(label=label).exists():
        refuse("票箱", f"已录过“{label}”", "换个票箱名，或先退掉录错的那一份", field="label")
    if errors := check_paper(units_of(campaign), campaign.grades, ballots, counts):
        refuse(
            "票数", f"有{len(errors)}处对不上", "改好再存", errors=errors, details=[e.text for e in errors]
        )
    kept = {unit: {grade: n for grade, n in row.items() if n} for unit, row in counts.items()}
    paper = PaperCount.objects.create(
        rater_class=rater_class,
        label=label,
        ballots=ballots,
        invalid=invalid,
        counts=kept,
        entered_by=acting_user,
    )
    data = {"ballots": ballots, "invalid": invalid}
    audit.record(acting_user=acting_user, action="ballot.paper_enter", target=paper, data=data)
    return paper


@transaction.atomic
def paper_confirm(*, paper: PaperCount, acting_user: Any) -> PaperCount:
    """Confirm a box of paper ballots.  Raises INVALID_INPUT for the person who typed it in."""
    locked = _open_paper(paper, "复核", acting_user)
    if locked.entered_by_id == acting_user.pk:
        refuse("复核", "录入和复核不能是同一个人", "请另一位同事对着原票复核")
    locked.confirmed_by = acting_user
    locked.save(update_fields=["confirmed_by"])
    audit.record(acting_user=acting_user, action="ballot.paper_confirm", target=locked)
    return locked


@transaction.atomic
def paper_return(*, paper: PaperCount, reason: str, acting_user: Any) -> None:
    """Throw out a box that was typed in wrongly, before it was confirmed; the reason is kept."""
    locked = _open_paper(paper, "退掉", acting_user)
    if not reason.strip():
        refuse("理由", "没有写理由", "请写明哪里不对", field="reason")
    audit.record(
        acting_user=acting_user, action="ballot.paper_return", target=locked, data={"reason": reason}
    )
    locked.delete()


def _open_paper(paper: PaperCount, action: str, acting_user: Any) -> PaperCount:
    locked_campaign(paper.rater_class.campaign, NOT_COUNTED, action, acting_user)
    locked = PaperCount.objects.select_for_update(of=("self",)).filter(pk=paper.pk).first()
    if locked is None:
        raise Problem(Code.NOT_FOUND)
    if locked.confirmed_by_id is not None:
        raise Problem(Code.STATE, what=str(locked), state="已复核", action=action, advice="")
    return locked


@transaction.atomic
def ballots_count(*, campaign: BallotCampaign, acting_user: Any) -> FactDiff:
    """Count, once: ballots per class, unit and grade become facts of the cycle where a class names a measure.

    Raises STATE while voting goes on, when a class has too few ballots, when paper ballots wait for confirmation, or
    when the cycle takes no figures now.
    """
    locked = locked_campaign(campaign, {BallotState.CLOSED}, "计票", acting_user)
    waiting = "、".join(map(str, papers_of(locked).filter(confirmed_by=None)))
    if waiting:
        not_now(locked, "计票", f"{waiting}还没有第二个人复核。")
    cells = _cells(locked)
    diff = facts_store(cycle=locked.cycle, cells=cells, acting_user=acting_user, source=f"{locked.title}计票")
    locked.state = BallotState.COUNTED
    locked.save(update_fields=["state"])
    numbers = {str(line.rater_class): line.ballots for line in turnout(locked)}
    data = {"ballots": numbers, "facts": len(cells)}
    audit.record(acting_user=acting_user, action="ballot.count", target=locked, data=data)
    return diff


def _cells(campaign: BallotCampaign) -> dict[CellKey, Cell]:
    """Counts by measure and unit; classes and grades that name the same measure add up."""
    counts: Counter[CellKey] = Counter()
    found = tally(campaign)
    for one in campaign.classes.all():
        for unit, row in found[one.pk].items():
            for grade, measure in one.measures.items():
                counts[measure, unit] += row[grade]
    return {key: Cell("value", str(number)) for key, number in counts.items()}
