"""Results of a counted campaign as tables (计票结果)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from assessment.models import BallotCampaign
from assessment.selectors import ballots as reads
from zhiheng.kernel.numbers import round_half_up


@dataclass(frozen=True)
class ResultTable:
    """One table: a heading, the grades across, the units down."""

    title: str
    note: str
    grades: list[str]
    rows: list[tuple[str, list[str]]]


def result_tables(campaign: BallotCampaign) -> list[ResultTable]:
    """Counts of every class, and with several classes the weighted shares of all.  Raises STATE before closing."""
    found = reads.tally(campaign)
    labels = [grade["label"] for grade in campaign.grades]
    lines = {line.rater_class.pk: line for line in reads.turnout(campaign)}
    tables = []
    for pk, line in lines.items():
        rows = [(u["name"], [str(found[pk][u["code"]][label]) for label in labels]) for u in campaign.units]
        tables.append(ResultTable(line.rater_class.title, _("{n}张票").format(n=line.ballots), labels, rows))
    if len(tables) > 1:
        note = _("各类占比按类别权重平均，供参考；得分按方案计算")
        tables.append(ResultTable(_("加权占比"), note, labels, _shares(campaign, found, lines)))
    return tables


def _shares(
    campaign: BallotCampaign, found: reads.Tally, lines: dict[int, reads.Turnout]
) -> list[tuple[str, list[str]]]:
    total = sum((line.rater_class.weight for line in lines.values()), Decimal(0))
    rows = []
    for unit in campaign.units:
        shares = []
        for grade in campaign.grades:
            parts = [
                Fraction(line.rater_class.weight) * found[pk][unit["code"]][grade["label"]] / line.ballots
                for pk, line in lines.items()
            ]
            shares.append(f"{round_half_up(sum(parts, Fraction(0)) / Fraction(total) * 100, 1)}%")
        rows.append((unit["name"], shares))
    return rows
