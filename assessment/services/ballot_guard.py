"""What every write on a campaign asks first: the right, the lock, the state (测评的前提)."""

from typing import Any, NoReturn

from assessment.models import BallotCampaign, BallotState
from zhiheng.accounts.guard import require
from zhiheng.kernel.errors import Code, Problem

RIGHT = "ballot.manage"
ADVICE = {
    BallotState.DRAFT: "请先开始投票。",
    BallotState.OPEN: "票样、类别和匿名方式从开始投票起不能再变；计票要先截止。",
    BallotState.CLOSED: "可以延长投票，或计票。",
    BallotState.COUNTED: "结果已计入考核数据。要重来，请新建一场测评。",
}


def locked_campaign(
    campaign: BallotCampaign, states: set[BallotState], action: str, acting_user: Any
) -> BallotCampaign:
    """The campaign, locked.  Raises PERMISSION_DENIED, or STATE when it is in none of these states."""
    require(acting_user, RIGHT)
    rows = BallotCampaign.objects.select_for_update(of=("self",)).select_related("cycle__version")
    found = rows.get(pk=campaign.pk)
    if found.state not in states:
        not_now(found, action, ADVICE[BallotState(found.state)])
    return found


def not_now(campaign: BallotCampaign, action: str, advice: str) -> NoReturn:
    """Raise STATE: what cannot be done now, and what to do instead."""
    raise Problem(
        Code.STATE, what=campaign.title, state=campaign.get_state_display(), action=action, advice=advice
    )


def refuse(place: str, reason: str, advice: str, **data: Any) -> NoReturn:
    """Raise INVALID_INPUT; ``field`` names the field of the form, ``errors`` the single places."""
    raise Problem(Code.INVALID_INPUT, place=place, reason=reason, advice=advice, **data)
