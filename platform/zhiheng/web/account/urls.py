"""Addresses of signing in and out; LOGIN_URL in the settings points here."""

from django.urls import path

from zhiheng.web.account import views

app_name = "account"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.Password.as_view(), name="password"),
]
