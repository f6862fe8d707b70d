"""Addresses of schemes."""

from django.urls import path

from zhiheng.web.schemes import adopting, pages, views

app_name = "schemes"
urlpatterns = [
    path("", views.scheme_list, name="list"),
    path("templates/", adopting.template_list, name="templates"),
    path("templates/<str:template>/adopt/", adopting.adopt, name="adopt"),
    path("<str:code>/<int:number>/", views.version_page, name="version"),
    path("<str:code>/<int:number>/readings/", pages.readings_page, name="readings"),
    path("<str:code>/<int:number>/measures/", pages.measures_page, name="measures"),
    path("<str:code>/<int:number>/outcomes/", pages.outcomes_page, name="outcomes"),
    path("<str:code>/<int:number>/diff/", pages.diff_page, name="diff"),
    path("<str:code>/<int:number>/publish/", adopting.Publish.as_view(), name="publish"),
    path("<str:code>/<int:number>/scheme.yaml", pages.document_file, name="document"),
]
