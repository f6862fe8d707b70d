"""Pages and interfaces of the college kind of tenant."""

from django.urls import URLPattern, URLResolver

from zhiheng.project.urls.common import common_urls

urlpatterns: list[URLPattern | URLResolver] = [*common_urls]
