"""Pages of the college kind of tenant."""

from django.urls import URLPattern, URLResolver, include, path

from zhiheng.web.urls.common import common

urlpatterns: list[URLPattern | URLResolver] = [
    *common,
    path("organisation/", include("zhiheng.web.organisation.urls")),
    path("peers/", include("zhiheng.web.peers.urls")),
]
