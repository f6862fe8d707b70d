"""Addresses of the display settings."""

from django.urls import path

from zhiheng.web.prefs import views

app_name = "prefs"
urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("display/", views.display, name="display"),
    path("year/", views.year, name="year"),
    path("words.js", views.Words.as_view(), name="words"),
]
