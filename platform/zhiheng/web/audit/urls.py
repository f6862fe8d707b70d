"""Addresses of the audit trail."""

from django.urls import path

from zhiheng.web.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.Trail.as_view(), name="trail"),
    path("verify/", views.verify_page, name="verify"),
]
