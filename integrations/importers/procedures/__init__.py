"""Procedure sheets (工作流程表): item, time, content, duties of each party, workflow, standards."""
