"""Addresses of peer comparison and releases."""

from django.urls import path

from zhiheng.web.peers import indicator, publishing, releases, views

app_name = "peers"
urlpatterns = [
    path("", views.peers_page, name="table"),
    path("members/", views.members_page, name="members"),
    path("indicators/<slug:code>/", indicator.indicator_page, name="indicator"),
    path("releases/", releases.ReleaseList.as_view(), name="releases"),
    path("releases/new/", publishing.NewRelease.as_view(), name="release_new"),
    path("releases/form.xlsx", publishing.form_workbook, name="release_form"),
    path("releases/<int:release_id>/", releases.receipt_page, name="receipt"),
]
