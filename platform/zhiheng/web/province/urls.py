"""Addresses of the province's pages."""

from django.urls import path

from zhiheng.web.province import board, college, reports, spread

app_name = "province"
urlpatterns = [
    path("", board.board, name="board"),
    path("colleges/", college.CollegeList.as_view(), name="colleges"),
    path("colleges/<slug:college>/", college.college_page, name="college"),
    path("indicators/", spread.indicators, name="indicators"),
    path("indicators/<slug:code>/", spread.indicator, name="indicator"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/new/", reports.NewReport.as_view(), name="report_new"),
    path("reports/<int:report_id>/", reports.report_page, name="report"),
    path("reports/<int:report_id>/<slug:ending>/", reports.report_file, name="report_file"),
]
