"""What is known while a department is read (读取上下文): its work texts and names, the file's habits, the report."""

from dataclasses import dataclass

from integrations.importers.duties.cleaning import Familiarity
from integrations.importers.duties.numbers import Item
from integrations.importers.duties.vocabulary import Names
from integrations.importers.findings import Report


@dataclass
class Context:
    """Work texts of table 1-3 by number, names of posts and sections, familiarity of words, and where to report."""

    works: dict[Item, str]
    posts: Names
    sections: Names
    familiar: Familiarity
    report: Report

    def names(self) -> list[str]:
        """All names of posts and sections, longest first."""
        return sorted({*self.posts.counts, *self.sections.counts}, key=len, reverse=True)

    def texts(self) -> list[str]:
        """The work texts of table 1-3."""
        return list(self.works.values())
