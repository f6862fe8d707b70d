"""Addresses of assessment years."""

from django.urls import path

from zhiheng.web.cycles import create, moves, views

app_name = "cycles"
urlpatterns = [
    path("", views.CycleList.as_view(), name="list"),
    path("new/", create.CreateCycle.as_view(), name="create"),
    path("<str:code>/", views.cycle_page, name="cycle"),
    path("<str:code>/completeness.xlsx", views.matrix_workbook, name="matrix"),
    path("<str:code>/steps/<int:step>/done/", moves.step_done, name="step_done"),
    path("<str:code>/submissions/<int:pk>/return/", moves.ReturnSubmission.as_view(), name="return"),
    path("<str:code>/submissions/<int:pk>/<str:to>/", moves.submission_go, name="submission"),
    path("<str:code>/moves/<str:action>/", moves.MoveCycle.as_view(), name="move"),
]
