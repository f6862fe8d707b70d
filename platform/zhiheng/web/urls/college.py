"""Pages of the college kind of tenant."""

from django.urls import URLPattern, URLResolver, include, path

from zhiheng.web.urls.common import common

urlpatterns: list[URLPattern | URLResolver] = [
    *common,
    path("cycles/", include("zhiheng.web.cycles.urls")),
    path("facts/", include("zhiheng.web.facts.urls")),
    path("schemes/", include("zhiheng.web.schemes.urls")),
    path("ballots/", include("zhiheng.web.ballots.urls")),
    path("vote/", include("zhiheng.web.ballots.vote_urls")),
    path("results/", include("zhiheng.web.results.urls")),
    path("organisation/", include("zhiheng.web.organisation.urls")),
    path("catalogue/", include("zhiheng.web.catalogue.urls")),
    path("search/", include("zhiheng.web.search.urls")),
    path("peers/", include("zhiheng.web.peers.urls")),
]
