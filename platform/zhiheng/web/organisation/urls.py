"""Addresses of the organisation."""

from django.urls import path

from zhiheng.web.organisation import imports, lists, people, views

app_name = "organisation"
urlpatterns = [
    path("", views.units, name="units"),
    path("chart/", views.chart_page, name="chart"),
    path("chart.svg", views.chart_picture, name="picture"),
    path("units/<str:code>/", views.unit_page, name="unit"),
    path("posts/", lists.PostList.as_view(), name="posts"),
    path("people/", lists.PersonList.as_view(), name="people"),
    path("people/<str:staff_number>/", people.person_page, name="person"),
    path("assessed/", lists.AssessedList.as_view(), name="assessed"),
    path("import/", imports.ImportUpload.as_view(), name="import"),
    path("import/<uuid:token>/", imports.ImportReview.as_view(), name="import_review"),
    path("template.xlsx", imports.template, name="template"),
    path("export.xlsx", imports.export, name="export"),
    path("calendar/", people.calendar_page, name="calendar"),
]
