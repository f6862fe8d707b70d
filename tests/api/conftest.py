"""The API is tested on the assessment's small scheme."""

from tests.assessment.conftest import cycle, people

__all__ = ["cycle", "people"]
