"""Addresses of background jobs."""

from django.urls import path

from zhiheng.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobList.as_view(), name="list"),
    path("<uuid:job_id>/", views.job_page, name="job"),
    path("<uuid:job_id>/state/", views.job_state, name="state"),
    path("<uuid:job_id>/cancel/", views.job_cancel, name="cancel"),
]
