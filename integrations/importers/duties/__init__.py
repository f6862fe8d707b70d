"""Duty catalogues (职责—岗位工作—工作标准): departments, duties, work items, posts, sections, standards."""
