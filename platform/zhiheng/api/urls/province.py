"""Addresses of the API inside a province."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from zhiheng.api.views import benchmarking

app_name = "api"
urlpatterns = [
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("progress/<int:year>/", benchmarking.Progress.as_view(), name="progress"),
    path("distributions/<int:year>/", benchmarking.Distributions.as_view(), name="distributions"),
    path("reports/", benchmarking.Reports.as_view(), name="reports"),
    path("reports/<int:report_id>/", benchmarking.ReportDetail.as_view(), name="report"),
]
