"""List pages (列表页): filters, sorting and paging in the address, fragment and page from one view, .xlsx of the same rows.

A list page is a subclass of ``ListPage`` that names its columns and filters and returns its rows from a selector.
Without JavaScript the same address gives the whole page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, ClassVar, Literal

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import View

from zhiheng.web import xlsx
from zhiheng.web.show import show

Rows = QuerySet[Any] | Sequence[Any]
Choice = tuple[str, str | Promise]


@dataclass(frozen=True)
class Column:
    """One column: how to read the value of a row, how to sort by it, how to show it.

    ``value`` is an attribute path with dots (``get_state_display`` of a model is called) or a function.  ``sort`` is an ORM field for querysets, or any text to allow
    sorting of plain lists by the value itself.  ``cell`` names a template for markup (it gets ``row`` and ``value``).
    """

    key: str
    label: str
    value: str | Callable[[Any], Any]
    sort: str = ""
    align: Literal["", "r", "c"] = ""
    href: Callable[[Any], str | None] | None = None
    cell: str = ""
    on_phone: bool = True
    head: bool = False

    def of(self, row: Any) -> Any:
        """The raw value of this column for a row."""
        if callable(self.value):
            return self.value(row)
        found = row
        for name in self.value.split("."):
            found = found.get(name) if isinstance(found, dict) else getattr(found, name, None)
            if found is None:
                return None
        return found() if isinstance(found, partial) else found


@dataclass(frozen=True)
class Filter:
    """One field of the filter bar: a text box (no choices) or a select; ``apply`` narrows the rows."""

    key: str
    label: str
    apply: Callable[[Any, str], Rows]
    choices: Callable[[HttpRequest], Iterable[Choice]] | None = None
    placeholder: str = ""


@dataclass(frozen=True)
class BoundFilter:
    """A filter with the value of this request."""

    key: str
    label: str
    value: str
    choices: list[Choice] | None
    placeholder: str


@dataclass(frozen=True)
class Shown:
    """One cell ready for the template."""

    column: Column
    value: Any
    text: str
    href: str | None


@dataclass(frozen=True)
class Head:
    """One column head with the address that sorts by it."""

    column: Column
    href: str
    direction: Literal["", "ascending", "descending"]


@dataclass(frozen=True)
class Empty:
    """What an empty list says: why it is empty, what will be here, the first action."""

    heading: str
    text: str = ""
    icon: str = "list"
    action_label: str = ""
    action_href: str = ""


@dataclass
class Listing:
    """Everything the fragment needs."""

    heads: list[Head]
    rows: list[tuple[Any, list[Shown]]]
    page: Page[Any]
    filters: list[BoundFilter]
    query: QueryDict
    empty: Empty
    total: int
    sizes: Sequence[int]
    size: int
    xlsx_href: str
    narrowed: bool
    caption: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


class ListPage(View):
    """Base of all list pages; subclasses set the class attributes and write ``rows``."""

    template_name = "web/list.html"
    fragment_name = "web/parts/listing.html"
    heading: ClassVar[str] = ""
    filename: ClassVar[str] = ""
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    default_sort: ClassVar[str] = ""
    sizes: ClassVar[Sequence[int]] = (25, 50, 100, 200)
    empty: ClassVar[Empty] = Empty("")

    def rows(self) -> Rows:
        """All rows this user may see, from a selector."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """Further context of the page: lead, crumbs, actions."""
        return {}

    def get_columns(self) -> Sequence[Column]:
        """Columns; override where they depend on the request."""
        return self.columns

    def get_empty(self) -> Empty:
        """Empty state; override where the first action depends on rights."""
        return self.empty

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Page, fragment or workbook."""
        del args, kwargs
        rows = self._sorted(self._narrowed(self.rows()))
        if request.GET.get("format") == "xlsx":
            return self._workbook(rows)
        listing = self._listing(rows)
        context = {"heading": _(self.heading), **self.context(), "listing": listing, "request": request}
        if request.headers.get("HX-Target") == "listing":
            return render(request, self.fragment_name, context)
        return render(request, self.template_name, context)

    @cached_property
    def sort(self) -> tuple[str, bool]:
        """Column key and whether descending, from the address or the default."""
        wanted = self.request.GET.get("sort") or self.default_sort
        key = wanted.removeprefix("-")
        allowed = {c.key for c in self.get_columns() if c.sort}
        return (key, wanted.startswith("-")) if key in allowed else ("", False)

    def _narrowed(self, rows: Rows) -> Rows:
        for one in self.filters:
            if value := self.request.GET.get(one.key, "").strip():
                rows = one.apply(rows, value)
        return rows

    def _sorted(self, rows: Rows) -> Rows:
        key, descending = self.sort
        column = next((c for c in self.get_columns() if c.key == key), None)
        if column is None:
            return rows
        if isinstance(rows, QuerySet):
            return rows.order_by(f"{'-' if descending else ''}{column.sort}", "pk")
        known = [r for r in rows if column.of(r) is not None]
        unknown = [r for r in rows if column.of(r) is None]
        return [*sorted(known, key=column.of, reverse=descending), *unknown]

    def _listing(self, rows: Rows) -> Listing:
        size = self._size()
        page = Paginator(rows, size).get_page(self.request.GET.get("page"))
        columns = self.get_columns()
        shown = [(row, [self._cell(column, row) for column in columns]) for row in page.object_list]
        filters = [self._bound(one) for one in self.filters]
        return Listing(
            heads=[self._head(column) for column in columns],
            rows=shown,
            page=page,
            filters=filters,
            query=self.request.GET,
            empty=self.get_empty(),
            total=page.paginator.count,
            sizes=self.sizes,
            size=size,
            xlsx_href=self._address(format="xlsx", page=None),
            narrowed=any(one.value for one in filters),
            caption=_(self.heading),
        )

    def _size(self) -> int:
        wanted = self.request.GET.get("size", "")
        return int(wanted) if wanted.isdigit() and int(wanted) in self.sizes else self.sizes[0]

    def _bound(self, one: Filter) -> BoundFilter:
        choices = list(one.choices(self.request)) if one.choices else None
        value = self.request.GET.get(one.key, "").strip()
        return BoundFilter(one.key, _(one.label), value, choices, _(one.placeholder))

    def _head(self, column: Column) -> Head:
        key, descending = self.sort
        current = key == column.key
        target = f"-{column.key}" if current and not descending else column.key
        direction: Literal["", "ascending", "descending"] = ""
        if current:
            direction = "descending" if descending else "ascending"
        return Head(column, self._address(sort=target, page=None) if column.sort else "", direction)

    def _address(self, **changes: str | None) -> str:
        query = self.request.GET.copy()
        for key, value in changes.items():
            query.pop(key, None)
            if value is not None:
                query[key] = value
        return f"?{query.urlencode()}"

    @staticmethod
    def _cell(column: Column, row: Any) -> Shown:
        value = column.of(row)
        return Shown(column, value, show(value), column.href(row) if column.href else None)

    def _workbook(self, rows: Rows) -> HttpResponse:
        columns = self.get_columns()
        name = f"{_(self.filename or self.heading)}_{timezone.localdate():%Y%m%d}.xlsx"
        return xlsx.table_response(
            filename=name,
            title=_(self.heading),
            headers=[_(c.label) for c in columns],
            rows=([column.of(row) for column in columns] for row in rows),
        )
