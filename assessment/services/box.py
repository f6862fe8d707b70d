"""The ballot box (票箱): how ballots get in so that neither a column nor the database's own row numbers tell whose.

PostgreSQL stamps every row with its transaction (xmin) and keeps rows in writing order (ctid).  A ballot stored alone
beside the ledger's mark would share its stamp.  So each new ballot goes in together with others taken out at random,
all as new rows under new random keys, and at closing the whole box is written anew.
"""

from collections.abc import Mapping
from secrets import SystemRandom

from assessment.models import Ballot, RaterClass

MIXED = 4
"""Ballots taken out and put back with each new one: no stamp then points at fewer than five equal ones."""


def put_in(rater_class: RaterClass, choices: Mapping[str, str]) -> None:
    """Add a ballot inside the caller's transaction; ballots that other voters are just mixing are left to them."""
    box = rater_class.box.order_by("?").select_for_update(skip_locked=True)
    _rewrite(rater_class, list(box[:MIXED]), [Ballot(rater_class=rater_class, choices=dict(choices))])


def shake(rater_class: RaterClass) -> None:
    """Write all ballots of a class anew in random order; nobody may be voting."""
    _rewrite(rater_class, list(rater_class.box.select_for_update()), [])


def _rewrite(rater_class: RaterClass, taken: list[Ballot], new: list[Ballot]) -> None:
    Ballot.objects.filter(pk__in=[ballot.pk for ballot in taken]).delete()
    again = [Ballot(rater_class=rater_class, choices=ballot.choices) for ballot in taken] + new
    SystemRandom().shuffle(again)
    Ballot.objects.bulk_create(again, batch_size=1000)
