"""Organisation of one college: units and their history, posts and people, assessed units, the academic calendar."""

from tenants.organisation.models.assessed import AssessedMembership, AssessedUnit, Participation
from tenants.organisation.models.calendar import AcademicYear, DayOverride, Term
from tenants.organisation.models.changes import OrganisationImport, UnitChange
from tenants.organisation.models.clusters import Cluster, ClusterMember, Signboard
from tenants.organisation.models.people import Gender, Holding, Person
from tenants.organisation.models.posts import Post, PostCategory, Section
from tenants.organisation.models.units import Unit, UnitAlias, UnitKind, UnitVersion

__all__ = [
    "AcademicYear",
    "AssessedMembership",
    "AssessedUnit",
    "Cluster",
    "ClusterMember",
    "DayOverride",
    "Gender",
    "Holding",
    "OrganisationImport",
    "Participation",
    "Person",
    "Post",
    "PostCategory",
    "Section",
    "Signboard",
    "Term",
    "Unit",
    "UnitAlias",
    "UnitChange",
    "UnitKind",
    "UnitVersion",
]
