"""Lint of schemes (方案检查): what a careful reader would ask about before a scheme is published."""

from zhiheng.scoring.lint.checks import CHECKS, lint
from zhiheng.scoring.lint.model import Check, Finding, Subject

__all__ = ["CHECKS", "Check", "Finding", "Subject", "lint"]
