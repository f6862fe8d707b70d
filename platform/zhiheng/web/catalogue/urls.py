"""Addresses of the duty catalogue."""

from django.urls import path

from zhiheng.web.catalogue import calendar, findings, imports, lists, posts, procedures, versions, views

app_name = "catalogue"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("departments/<int:department_id>/", views.department_page, name="department"),
    path("duties/<int:duty_id>/", views.duty_page, name="duty"),
    path("standards/", lists.StandardList.as_view(), name="standards"),
    path("posts/", lists.PostList.as_view(), name="posts"),
    path("posts/<int:assignment_id>/", posts.post_page, name="post"),
    path("procedures/", procedures.ProcedureList.as_view(), name="procedures"),
    path("procedures/<int:procedure_id>/", procedures.procedure_page, name="procedure"),
    path("calendar/", calendar.calendar_page, name="calendar"),
    path("calendar.ics", calendar.calendar_file, name="ics"),
    path("versions/", versions.VersionList.as_view(), name="versions"),
    path("versions/<int:number>/effective/", versions.MakeEffective.as_view(), name="make_effective"),
    path("versions/<int:number>/handbook.docx", versions.handbook, name="handbook"),
    path("versions/<int:number>/catalogue.xlsx", versions.tables, name="tables"),
    path("versions/<int:number>/findings/", findings.FindingList.as_view(), name="findings"),
    path("versions/<int:number>/findings/accept/", findings.accept, name="accept"),
    path("import/", imports.ImportUpload.as_view(), name="import"),
    path("import/<uuid:token>/", imports.ImportReview.as_view(), name="import_review"),
]
