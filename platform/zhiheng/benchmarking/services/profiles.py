"""Public attributes of colleges, kept by the platform's operators (学校概况)."""

from typing import Any

from django.db import transaction

from zhiheng.benchmarking.models import CollegeProfile
from zhiheng.kernel import audit


@transaction.atomic
def profile_set(*, college: str, acting_user: Any, **attributes: Any) -> CollegeProfile:
    """Create or change the profile of a college, named by its opaque schema name (or x_… when not on the platform)."""
    profile, _ = CollegeProfile.objects.update_or_create(college=college, defaults=attributes)
    audit.record(acting_user=acting_user, action="profile.set", target=profile, data=attributes)
    return profile
