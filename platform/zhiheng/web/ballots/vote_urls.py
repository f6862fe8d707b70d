"""Addresses of the voter."""

from django.urls import path

from zhiheng.web.ballots import voting

app_name = "vote"
urlpatterns = [
    path("", voting.enter, name="enter"),
    path("<str:token>/", voting.ballot, name="ballot"),
]
