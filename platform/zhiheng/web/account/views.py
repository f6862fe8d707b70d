"""Sign in, sign out, change the password (登录与密码)."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhiheng.accounts.lock import lock_minutes
from zhiheng.accounts.services.passwords import password_change
from zhiheng.accounts.services.signin import sign_in
from zhiheng.kernel.errors import Code, Problem
from zhiheng.web.account import limits
from zhiheng.web.crumbs import crumbs
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import SIGNED_IN, open_to_all, requires
from zhiheng.web.problems import render_problem


class SignInForm(forms.Form):
    """Account and password."""

    username = forms.CharField(
        label=gettext_lazy("账号或手机号"),
        max_length=60,
        error_messages={"required": gettext_lazy("请填账号或手机号")},
        help_text=gettext_lazy("账号一般是工号。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=200,
        strip=False,
        error_messages={"required": gettext_lazy("请填密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@open_to_all
@method_decorator([sensitive_post_parameters("password"), never_cache], name="dispatch")
class SignIn(FormPage):
    """Sign-in page of this tenant; says how many tries are left and for how long an account is locked."""

    template_name = "web/account/sign_in.html"
    form_class = SignInForm
    heading = gettext_noop("登录")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; somebody who is signed in goes on at once."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(self.target())
        return super().get(request, *args, **kwargs)

    def save(self, form: forms.Form) -> str:
        """Check account and password; too many failures from one address stop it before."""
        request, data = self.request, form.cleaned_data
        if limits.is_limited(request):
            raise Problem(Code.TOO_MANY_ATTEMPTS, minutes=limits.MINUTES)
        try:
            sign_in(request=request, account=data["username"], password=data["password"])
        except Problem:
            limits.note_failure(request)
            # The page itself says how long the account is locked.
            request.axes_locked_out = False  # type: ignore[attr-defined]
            raise
        return self.target()

    def target(self) -> str:
        """Where to go: the page that asked for signing in, if it is ours."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next", "")
        hosts = {self.request.get_host()}
        safe = url_has_allowed_host_and_scheme(wanted, hosts, require_https=self.request.is_secure())
        return wanted if safe else settings.LOGIN_REDIRECT_URL

    def context(self) -> dict[str, Any]:
        """The page to go on to."""
        return {"next": self.target()}


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """AXES_LOCKOUT_CALLABLE: any other door that asked for a locked account."""
    del args, kwargs
    return render_problem(request, Problem(Code.TOO_MANY_ATTEMPTS, minutes=lock_minutes(request)))


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, _("已退出。这台电脑别人也用的话，请关掉浏览器。"))
    return HttpResponseRedirect(str(settings.LOGOUT_REDIRECT_URL))


class PasswordForm(forms.Form):
    """Old password and the new one twice."""

    old = forms.CharField(
        label=gettext_lazy("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("新密码"),
        strip=False,
        help_text=gettext_lazy("至少10位，不要全用数字，不要用姓名、工号和常见密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再填一次新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Both entries of the new password agree."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次填的新密码不一样。请重新填一次。"))
        return again


@requires(SIGNED_IN, even_with_initial_password=True)
@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class Password(FormPage):
    """Change one's own password."""

    form_class = PasswordForm
    heading: ClassVar[str] = gettext_noop("修改密码")
    submit_label: ClassVar[str] = gettext_noop("换成新密码")
    done_message: ClassVar[str] = gettext_noop("密码已换。其他设备上的登录都已退出。")

    def save(self, form: forms.Form) -> str:
        """Change it and keep this session."""
        data = form.cleaned_data
        user: Any = self.request.user
        password_change(user=user, old_password=data["old"], new_password=data["new"])
        user.refresh_from_db()
        update_session_auth_hash(self.request, user)
        return "/"

    def context(self) -> dict[str, Any]:
        """Breadcrumb, and why one has to do this at the first sign-in."""
        user: Any = self.request.user
        lead = _("您用的是初始密码，换掉后才能继续。") if user.must_change_password else ""
        return {"lead": lead, "crumbs": crumbs((_("工作台"), "/"), (_("修改密码"), ""))}
