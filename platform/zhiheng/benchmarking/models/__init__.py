"""Benchmarking (对标): what colleges released, peer groups, frozen statistics."""

from zhiheng.benchmarking.models.groups import PeerGroup, PeerGroupMember, PeerStatistic
from zhiheng.benchmarking.models.releases import CollegeProfile, Release, ReleasedValue, ReleaseLevel

__all__ = [
    "CollegeProfile",
    "PeerGroup",
    "PeerGroupMember",
    "PeerStatistic",
    "Release",
    "ReleaseLevel",
    "ReleasedValue",
]
