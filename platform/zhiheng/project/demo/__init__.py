"""The demo (演示): four invented colleges and a province, three years, from organisation chart to provincial report."""

from zhiheng.project.demo.build import build, sign_ins, unfinished

__all__ = ["build", "sign_ins", "unfinished"]
