"""Database engine (数据库后端): one login role per tenant.  Named in DATABASES["default"]["ENGINE"]."""
