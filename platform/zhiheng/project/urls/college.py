"""Pages and interfaces of the college kind of tenant."""

from django.urls import URLPattern, URLResolver, include, path

from zhiheng.project.urls.common import common_urls
from zhiheng.web.urls.college import urlpatterns as pages

urlpatterns: list[URLPattern | URLResolver] = [
    *common_urls,
    path("api/v1/", include("zhiheng.api.urls.college")),
    *pages,
]

handler400 = "zhiheng.web.problems.bad_request"
handler403 = "zhiheng.web.problems.permission_denied"
handler404 = "zhiheng.web.problems.not_found"
handler500 = "zhiheng.web.problems.server_error"
