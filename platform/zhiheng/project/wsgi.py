"""Entry of the web server (网站入口)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.project.settings.prod")

application = get_wsgi_application()
