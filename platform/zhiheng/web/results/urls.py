"""Addresses of results."""

from django.urls import path

from zhiheng.web.results import decisions, heat, history, notices, ranking, runs, unit

app_name = "results"
urlpatterns = [
    path("", ranking.home, name="home"),
    path("<str:code>/", ranking.ranking, name="ranking"),
    path("<str:code>/result.docx", ranking.paper, name="paper"),
    path("<str:code>/components/", heat.heat, name="heat"),
    path("<str:code>/years/", history.history_page, name="history"),
    path("<str:code>/decisions/", decisions.decision_list, name="decisions"),
    path("<str:code>/decisions/new/", decisions.RecordDecision.as_view(), name="decide"),
    path("<str:code>/decisions/<int:pk>/withdraw/", decisions.WithdrawDecision.as_view(), name="withdraw"),
    path("<str:code>/runs/", runs.run_list, name="runs"),
    path("<str:code>/runs/start/", runs.start, name="run_start"),
    path("<str:code>/notice/", notices.notice, name="notice"),
    path("<str:code>/units/<str:unit>/", unit.unit_page, name="unit"),
    path("<str:code>/units/<str:unit>/explain/", unit.explanation, name="explain"),
    path("<str:code>/units/<str:unit>/explanation.docx", unit.unit_paper, name="unit_paper"),
]
