"""Address of the search page."""

from django.urls import path

from zhiheng.web.search import views

urlpatterns = [path("", views.search_page, name="search")]
