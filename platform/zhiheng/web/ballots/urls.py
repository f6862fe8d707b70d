"""Addresses of the organiser of ballots."""

from django.urls import path

from zhiheng.web.ballots import forms, issuing, paper, views

app_name = "ballots"
urlpatterns = [
    path("", views.CampaignList.as_view(), name="list"),
    path("new/", forms.CreateCampaign.as_view(), name="create"),
    path("<int:pk>/", views.campaign_page, name="campaign"),
    path("<int:pk>/turnout/", views.turnout_part, name="turnout"),
    path("<int:pk>/people/", views.People.as_view(), name="people"),
    path("<int:pk>/prolong/", views.Prolong.as_view(), name="prolong"),
    path("<int:pk>/moves/<str:action>/", views.MoveCampaign.as_view(), name="move"),
    path("<int:pk>/classes/new/", forms.AddClass.as_view(), name="class_add"),
    path("<int:pk>/classes/<int:rater_class>/", forms.ChangeClass.as_view(), name="class_change"),
    path("<int:pk>/classes/<int:rater_class>/remove/", forms.remove_class, name="class_remove"),
    path("<int:pk>/classes/<int:rater_class>/codes/", issuing.IssueCodes.as_view(), name="issue"),
    path("<int:pk>/classes/<int:rater_class>/void/", issuing.VoidCards.as_view(), name="void"),
    path("<int:pk>/classes/<int:rater_class>/paper/", paper.EnterPaper.as_view(), name="paper"),
    path("<int:pk>/papers/<int:paper>/confirm/", paper.confirm_paper, name="paper_confirm"),
    path("<int:pk>/papers/<int:paper>/return/", paper.ReturnPaper.as_view(), name="paper_return"),
]
