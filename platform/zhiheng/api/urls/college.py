"""Addresses of the API inside a college."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from zhiheng.api.views import assessment, benchmarking, catalogue, organisation

app_name = "api"
RUN = "cycles/<slug:code>/runs/<int:number>/"
urlpatterns = [
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("units/", organisation.Units.as_view(), name="units"),
    path("posts/", organisation.Posts.as_view(), name="posts"),
    path("people/", organisation.People.as_view(), name="people"),
    path("assessed-units/", organisation.AssessedUnits.as_view(), name="assessed_units"),
    path("catalogue/departments/", catalogue.Departments.as_view(), name="departments"),
    path("catalogue/work-items/", catalogue.WorkItems.as_view(), name="work_items"),
    path("catalogue/procedures/", catalogue.Procedures.as_view(), name="procedures"),
    path("catalogue/procedures/<int:procedure_id>/", catalogue.ProcedureDetail.as_view(), name="procedure"),
    path("schemes/", assessment.Schemes.as_view(), name="schemes"),
    path(
        "schemes/<slug:code>/versions/<int:number>/",
        assessment.SchemeVersionDetail.as_view(),
        name="scheme_version",
    ),
    path("cycles/", assessment.Cycles.as_view(), name="cycles"),
    path("cycles/<slug:code>/", assessment.CycleDetail.as_view(), name="cycle"),
    path("cycles/<slug:code>/facts/", assessment.Facts.as_view(), name="facts"),
    path("cycles/<slug:code>/runs/", assessment.Runs.as_view(), name="runs"),
    path(RUN, assessment.RunDetail.as_view(), name="run"),
    path(f"{RUN}results/", assessment.Results.as_view(), name="results"),
    path(f"{RUN}scores/", assessment.Scores.as_view(), name="scores"),
    path(f"{RUN}explanations/<str:unit>/", assessment.ExplanationDetail.as_view(), name="explanation"),
    path("jobs/<uuid:job_id>/", assessment.JobDetail.as_view(), name="job"),
    path("releases/", benchmarking.Releases.as_view(), name="releases"),
    path("peers/<slug:group>/<int:year>/", benchmarking.Peers.as_view(), name="peers"),
]
