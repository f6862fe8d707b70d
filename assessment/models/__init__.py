"""Data of the assessment (考核): schemes, cycles, facts, ballots, decisions, runs, results."""

from assessment.models.ballots import (
    Ballot,
    BallotCampaign,
    BallotParticipation,
    BallotState,
    Credential,
    CredentialState,
    PaperCount,
    RaterClass,
)
from assessment.models.cycles import Cycle, CycleState, CycleStep, StepState
from assessment.models.facts import Decision, DecisionKind, Fact, FactState, Submission, SubmissionState
from assessment.models.results import NodeScore, PublicNotice, Seal, UnitExplanation, UnitResult
from assessment.models.runs import Run, RunKind, RunState
from assessment.models.schemes import Scheme, SchemeVersion, VersionState

__all__ = [
    "Ballot",
    "BallotCampaign",
    "BallotParticipation",
    "BallotState",
    "Credential",
    "CredentialState",
    "Cycle",
    "CycleState",
    "CycleStep",
    "Decision",
    "DecisionKind",
    "Fact",
    "FactState",
    "NodeScore",
    "PaperCount",
    "PublicNotice",
    "RaterClass",
    "Run",
    "RunKind",
    "RunState",
    "Scheme",
    "SchemeVersion",
    "Seal",
    "StepState",
    "Submission",
    "SubmissionState",
    "UnitExplanation",
    "UnitResult",
    "VersionState",
]
