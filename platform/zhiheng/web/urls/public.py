"""Pages of the public kind of tenant."""

from django.urls import URLPattern, URLResolver

from zhiheng.web.urls.common import common

urlpatterns: list[URLPattern | URLResolver] = [*common]
