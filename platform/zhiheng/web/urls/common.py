"""What every kind of tenant has: sign-in, workbench, jobs, display settings."""

from django.urls import URLPattern, URLResolver, include, path

common: list[URLPattern | URLResolver] = [
    path("", include("zhiheng.web.home.urls")),
    path("", include("zhiheng.web.account.urls")),
    path("jobs/", include("zhiheng.web.jobs.urls")),
    path("audit/", include("zhiheng.web.audit.urls")),
    path("library/", include("zhiheng.web.library.urls")),
    path("settings/display/", include("zhiheng.web.prefs.urls")),
]
