"""The table of all page routes and who may open them; ``test_permission_matrix`` compares it with the resolvers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

OPEN = "(everybody)"
SIGNED_IN = "(signed in)"
NOBODY = UUID("00000000-0000-4000-8000-000000000000")


@dataclass(frozen=True)
class Rule:
    """Right that a route asks for; ``kwargs`` name an object that no tenant has; ``post`` routes refuse GET."""

    right: str
    kwargs: tuple[tuple[str, Any], ...] = ()
    post: bool = False


def _with(right: str, post: bool = False, **kwargs: Any) -> Rule:
    return Rule(right, tuple(kwargs.items()), post)


COMMON: Mapping[str, Rule] = {
    "health_live": Rule(OPEN),
    "health_ready": Rule(OPEN),
    "home:workbench": Rule(SIGNED_IN),
    "account:sign_in": Rule(OPEN),
    "account:sign_out": Rule(OPEN, post=True),
    "account:password": Rule(SIGNED_IN),
    "prefs:settings": Rule(SIGNED_IN),
    "prefs:display": Rule(OPEN, post=True),
    "prefs:words": Rule(OPEN),
    "prefs:year": Rule(SIGNED_IN, post=True),
    "audit:trail": Rule("audit.view"),
    "audit:verify": Rule("audit.view"),
    "library:templates": Rule("library.view"),
    "library:indicators": Rule("library.view"),
    "library:template": _with("library.view", code="nothing"),
    "library:document": _with("library.view", code="nothing", version="1"),
    "jobs:list": Rule("job.view"),
    "jobs:job": _with(SIGNED_IN, job_id=NOBODY),
    "jobs:state": _with(SIGNED_IN, job_id=NOBODY),
    "jobs:cancel": _with(SIGNED_IN, post=True, job_id=NOBODY),
}
COLLEGE: Mapping[str, Rule] = {
    **COMMON,
    "cycles:list": Rule("cycle.view"),
    "cycles:create": Rule("cycle.run"),
    "cycles:cycle": _with("cycle.view", code="nothing"),
    "cycles:matrix": _with("fact.view", code="nothing"),
    "cycles:step_done": _with("cycle.run", post=True, code="nothing", step=1),
    "cycles:return": _with("fact.approve", code="nothing", pk=1),
    "cycles:submission": _with("fact.view", post=True, code="nothing", pk=1, to="approved"),
    "cycles:move": _with("cycle.view", code="nothing", action="open"),
    "facts:home": Rule("fact.view"),
    "facts:grid": _with("fact.view", code="nothing"),
    "facts:store": _with("fact.view", post=True, code="nothing"),
    "facts:workbook": _with("fact.view", code="nothing"),
    "facts:upload": _with("fact.enter", code="nothing"),
    "facts:review": _with("fact.enter", code="nothing", token=NOBODY),
    "results:home": Rule("result.view_own"),
    "results:ranking": _with("result.view", code="nothing"),
    "results:paper": _with("result.view", code="nothing"),
    "results:heat": _with("result.view", code="nothing"),
    "results:history": _with("result.view", code="nothing"),
    "results:decisions": _with("result.view", code="nothing"),
    "results:decide": _with("result.review", code="nothing"),
    "results:withdraw": _with("result.review", code="nothing", pk=1),
    "results:runs": _with("result.view", code="nothing"),
    "results:run_start": _with("run.start", post=True, code="nothing"),
    "results:notice": _with("cycle.view", code="nothing"),
    "results:unit": _with("result.view_own", code="nothing", unit="nobody"),
    "results:explain": _with("result.view_own", code="nothing", unit="nobody"),
    "results:unit_paper": _with("result.view_own", code="nothing", unit="nobody"),
    "schemes:list": Rule("scheme.view"),
    "schemes:templates": Rule("library.view"),
    "schemes:adopt": _with("library.adopt", post=True, template="nothing"),
    "schemes:version": _with("scheme.view", code="nothing", number=1),
    "schemes:readings": _with("scheme.view", code="nothing", number=1),
    "schemes:measures": _with("scheme.view", code="nothing", number=1),
    "schemes:outcomes": _with("scheme.view", code="nothing", number=1),
    "schemes:diff": _with("scheme.view", code="nothing", number=1),
    "schemes:publish": _with("scheme.publish", code="nothing", number=1),
    "schemes:document": _with("scheme.view", code="nothing", number=1),
    "organisation:units": Rule("unit.view"),
    "organisation:chart": Rule("unit.view"),
    "organisation:picture": Rule("unit.view"),
    "organisation:unit": _with("unit.view", code="nobody"),
    "organisation:posts": Rule("unit.view"),
    "organisation:people": Rule("person.view"),
    "organisation:person": _with(SIGNED_IN, staff_number="nobody"),
    "organisation:assessed": Rule("unit.view"),
    "organisation:import": Rule("unit.edit"),
    "organisation:import_review": _with("unit.edit", token=NOBODY),
    "organisation:template": Rule("unit.edit"),
    "organisation:export": Rule("unit.view"),
    "organisation:calendar": Rule("calendar.view"),
    "search": Rule("catalog.view"),
    "catalogue:overview": Rule("catalog.view"),
    "catalogue:department": _with("catalog.view", department_id=0),
    "catalogue:duty": _with("catalog.view", duty_id=0),
    "catalogue:standards": Rule("catalog.view"),
    "catalogue:posts": Rule("catalog.view"),
    "catalogue:post": _with("catalog.view", assignment_id=0),
    "catalogue:procedures": Rule("catalog.view"),
    "catalogue:procedure": _with("catalog.view", procedure_id=0),
    "catalogue:calendar": Rule("catalog.view"),
    "catalogue:ics": Rule("catalog.view"),
    "catalogue:versions": Rule("catalog.view"),
    "catalogue:make_effective": _with("catalog.approve", number=0),
    "catalogue:handbook": _with("catalog.view", number=0),
    "catalogue:tables": _with("catalog.view", number=0),
    "catalogue:findings": _with("catalog.view", number=0),
    "catalogue:accept": _with("catalog.edit", post=True, number=0),
    "catalogue:import": Rule("catalog.import"),
    "catalogue:import_review": _with("catalog.import", token=NOBODY),
    "ballots:list": Rule("ballot.manage"),
    "ballots:create": Rule("ballot.manage"),
    "ballots:campaign": _with("ballot.manage", pk=0),
    "ballots:turnout": _with("ballot.manage", pk=0),
    "ballots:people": _with("ballot.manage", pk=0),
    "ballots:prolong": _with("ballot.manage", pk=0),
    "ballots:move": _with("ballot.manage", pk=0, action="open"),
    "ballots:class_add": _with("ballot.manage", pk=0),
    "ballots:class_change": _with("ballot.manage", pk=0, rater_class=0),
    "ballots:class_remove": _with("ballot.manage", post=True, pk=0, rater_class=0),
    "ballots:issue": _with("ballot.manage", pk=0, rater_class=0),
    "ballots:void": _with("ballot.manage", pk=0, rater_class=0),
    "ballots:paper": _with("ballot.manage", pk=0, rater_class=0),
    "ballots:paper_confirm": _with("ballot.manage", post=True, pk=0, paper=0),
    "ballots:paper_return": _with("ballot.manage", pk=0, paper=0),
    "vote:enter": Rule(OPEN),
    "vote:ballot": _with(OPEN, token="nothing"),
    "peers:table": Rule("benchmark.view"),
    "peers:members": Rule("benchmark.view"),
    "peers:indicator": _with("benchmark.view", code="nothing"),
    "peers:releases": Rule("benchmark.view"),
    "peers:release_new": Rule("benchmark.release"),
    "peers:release_form": Rule("benchmark.release"),
    "peers:receipt": _with("benchmark.view", release_id=0),
}
PROVINCE: Mapping[str, Rule] = {
    **COMMON,
    "province:board": Rule("provincial.view"),
    "province:colleges": Rule("provincial.view"),
    "province:college": _with("provincial.view", college="nobody"),
    "province:indicators": Rule("provincial.view"),
    "province:indicator": _with("provincial.view", code="nothing"),
    "province:reports": Rule("provincial.view"),
    "province:report_new": Rule("provincial.report"),
    "province:report": _with("provincial.view", report_id=0),
    "province:report_file": _with("provincial.view", report_id=0, ending="xlsx"),
}
PUBLIC: Mapping[str, Rule] = {**COMMON}
MATRIX: Mapping[str, Mapping[str, Rule]] = {"college": COLLEGE, "province": PROVINCE, "public": PUBLIC}
API_PREFIX = "api/"
"""The API has a matrix of its own in tests/api."""


def routes_of(kind: str) -> Iterator[tuple[str, URLPattern]]:
    """Full names of all page routes of one kind of tenant."""
    yield from _walk(get_resolver(f"zhiheng.project.urls.{kind}"), "", "")


def _walk(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if path.startswith(API_PREFIX):
            continue
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, path)
        else:
            yield f"{namespace}{entry.name}", entry
