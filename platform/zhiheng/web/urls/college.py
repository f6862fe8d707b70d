"""Pages of the college kind of tenant."""

from django.urls import URLPattern, URLResolver

from zhiheng.web.urls.common import common

urlpatterns: list[URLPattern | URLResolver] = [*common]
