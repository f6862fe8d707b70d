"""Work items of a department (具体化的工作) and what table 1-3 says about its duties."""

from dataclasses import dataclass, field

from integrations.importers.duties.numbers import Item, item_text
from integrations.importers.duties.rows import DutyRow
from integrations.importers.grid import Line


@dataclass(eq=False)
class WorkItem:
    """A work item (具体化的工作) with the labels printed on its rows; canonical names are filled later."""

    item: Item
    text: str
    row: DutyRow
    line: Line
    post_raw: str = ""
    section_raw: str = ""
    post: str | None = None
    section: str | None = None
    post_canonical: str | None = None
    section_canonical: str | None = None
    also: list[dict[str, str | None]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    @property
    def no(self) -> str:
        """Number as text: 2.10 is not 2.1."""
        return item_text(self.item)


@dataclass
class WorkList:
    """Work items in order, and the duty texts of the first column by number with their tags (A 2.5 53)."""

    items: list[WorkItem] = field(default_factory=list)
    duty_texts: dict[int, str] = field(default_factory=dict)
    duty_tags: dict[int, list[str]] = field(default_factory=dict)
