"""Addresses of figures."""

from django.urls import path

from zhiheng.web.facts import views, workbooks

app_name = "facts"
urlpatterns = [
    path("", views.home, name="home"),
    path("<str:code>/", views.grid_page, name="grid"),
    path("<str:code>/cells/", views.store, name="store"),
    path("<str:code>/data.xlsx", workbooks.workbook, name="workbook"),
    path("<str:code>/upload/", workbooks.Upload.as_view(), name="upload"),
    path("<str:code>/upload/<uuid:token>/", workbooks.Review.as_view(), name="review"),
]
