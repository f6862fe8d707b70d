"""Addresses of the shared library."""

from django.urls import path

from zhiheng.web.library import views

app_name = "library"
urlpatterns = [
    path("", views.TemplateList.as_view(), name="templates"),
    path("indicators/", views.IndicatorList.as_view(), name="indicators"),
    path("<slug:code>/", views.template_page, name="template"),
    path("<slug:code>/<str:version>/document.yaml", views.document_file, name="document"),
]
