"""Address of the workbench."""

from django.urls import path

from zhiheng.web.home import views

app_name = "home"
urlpatterns = [path("", views.workbench, name="workbench")]
