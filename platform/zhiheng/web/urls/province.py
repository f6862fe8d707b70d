"""Pages of the province kind of tenant."""

from django.urls import URLPattern, URLResolver, include, path

from zhiheng.web.urls.common import common

urlpatterns: list[URLPattern | URLResolver] = [
    *common,
    path("province/", include("zhiheng.web.province.urls")),
]
