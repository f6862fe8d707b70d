"""Expected and unexpected failures as pages (错误页): what did not happen, what is safe, what to do, an id to quote.

One place renders them all: as a whole page inside the frame of the tenant, as a page without tenant (unknown host),
as a note that htmx puts above the content, or as problem details for the API's addresses.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiheng.kernel.errors import Code, Problem

logger = logging.getLogger("zhiheng.problem")
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Advice:
    """Heading, icon and steps for one status; texts are message ids."""

    icon: str
    heading: str
    steps: tuple[str, ...]


BACK = gettext_noop("回到上一页，或从左边的导航进入。")
TELL = gettext_noop("仍然不行，把下面的编号告诉本校管理员。")

ADVICE: dict[int, Advice] = {
    400: Advice(
        "alert-triangle",
        gettext_noop("这次请求读不懂"),
        (gettext_noop("回到上一页，刷新后再做一次。"), TELL),
    ),
    401: Advice("login", gettext_noop("请先登录"), (gettext_noop("登录后会回到您刚才要看的页面。"),)),
    403: Advice(
        "lock",
        gettext_noop("您的角色不能看这一页"),
        (
            gettext_noop("确认登录的是不是自己的账号。"),
            gettext_noop("需要权限时，请学校管理员给您加角色。"),
            BACK,
        ),
    ),
    404: Advice(
        "zoom-question",
        gettext_noop("没有找到这一页"),
        (gettext_noop("检查地址有没有抄错。"), gettext_noop("内容可能已删除，或不属于本校。"), BACK),
    ),
    405: Advice("ban", gettext_noop("这一步不能这样做"), (BACK,)),
    409: Advice(
        "git-compare",
        gettext_noop("没有保存，情况已经变了"),
        (gettext_noop("刷新页面，看看现在是什么状态。"), gettext_noop("需要的话，在新的内容上再改一次。")),
    ),
    413: Advice(
        "file-x", gettext_noop("文件太大，没有上传"), (gettext_noop("删掉不用的图片和工作表，再传一次。"),)
    ),
    422: Advice(
        "list-check", gettext_noop("没有完成，还有要改的地方"), (gettext_noop("按提示改好再做一次。"), TELL)
    ),
    429: Advice(
        "clock",
        gettext_noop("请等一会儿再试"),
        (gettext_noop("等上面写的时间过去再试。"), gettext_noop("着急的话，请学校管理员重设密码。")),
    ),
    500: Advice(
        "plug-connected-x",
        gettext_noop("系统出了错，这一步没有完成"),
        (gettext_noop("再试一次，多数时候能成。"), gettext_noop("之前保存的内容都在。"), TELL),
    ),
}


def new_id() -> str:
    """Number a person can read over the phone: E-1120-7Q4F (month and day, then four signs without 0 O 1 I)."""
    signs = "".join(secrets.choice(ALPHABET) for _unused in range(4))
    return f"E-{timezone.localtime():%m%d}-{signs}"


def render_problem(request: HttpRequest, problem: Problem, *, status: int | None = None) -> HttpResponse:
    """The answer that fits the asker; logs it under the shown id (as an error from status 500 on)."""
    code = status or problem.status
    number = new_id()
    level = logging.ERROR if code >= 500 else logging.INFO
    logger.log(level, "%s %s", number, problem.code.name, extra={"problem": number, "path": request.path})
    if request.path.startswith("/api/"):
        return _for_machines(request, problem, code, number)
    context = _context(request, problem, code, number)
    if request.headers.get("HX-Request") == "true":
        headers = {"HX-Retarget": "#problems", "HX-Reswap": "innerHTML show:top"}
        text = render_to_string("web/parts/problem_note.html", context, request)
        return HttpResponse(text, status=code, headers=headers)
    return HttpResponse(_page(request, context), status=code)


def _context(request: HttpRequest, problem: Problem, code: int, number: str) -> dict[str, object]:
    advice = ADVICE.get(code, ADVICE[500 if code >= 500 else 400])
    return {
        "advice": advice,
        "problem_heading": _(advice.heading),
        "steps": [_(step) for step in advice.steps],
        "text": problem.text(_),
        "details": problem.data.get("details", ()),
        "number": number,
        "status": code,
        "at": timezone.localtime(),
        "can_retry": request.method == "GET" and code >= 500,
        "crumbs": [],
    }


def _page(request: HttpRequest, context: dict[str, object]) -> str:
    """Inside the frame when somebody is signed in; when even that fails, the page that asks nothing of the database."""
    try:
        signed_in = getattr(request, "tenant", None) is not None and request.user.is_authenticated
        base = "web/base.html" if signed_in else "web/plain.html"
        return render_to_string("web/problem.html", {**context, "base": base}, request)
    except Exception:
        logger.exception("error page inside the frame failed")
        return render_to_string("web/problem_bare.html", context)


def _for_machines(request: HttpRequest, problem: Problem, code: int, number: str) -> JsonResponse:
    body = {
        "type": f"urn:zhiheng:problem:{problem.code.name.lower()}",
        "title": str(problem),
        "status": code,
        "instance": f"urn:zhiheng:problem:{number}",
        "path": request.path,
    }
    return JsonResponse(body, status=code, content_type="application/problem+json")


class ProblemMiddleware:
    """Turns failures raised by views into answers; unexpected ones only outside of DEBUG."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a failure we know; None leaves it to Django (which calls ``server_error``)."""
        match error:
            case Problem():
                return render_problem(request, error)
            case Http404():
                return render_problem(request, Problem(Code.NOT_FOUND))
            case PermissionDenied():
                return render_problem(request, Problem(Code.PERMISSION_DENIED))
            case SuspiciousOperation():
                return bad_request(request, error)
            case _:
                return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    del exception
    problem = Problem(
        Code.INVALID_INPUT, place=_("请求"), reason=_("内容不完整或太长"), advice=_("请回到上一页再试")
    )
    return render_problem(request, problem, status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    del exception
    return render_problem(request, Problem(Code.PERMISSION_DENIED))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404; also for hosts that no tenant has."""
    del exception
    return render_problem(request, Problem(Code.NOT_FOUND))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return render_problem(request, Problem(Code.UNEXPECTED), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: the form was open for too long, or cookies are off."""
    logger.info("csrf: %s", reason)
    return render_problem(request, Problem(Code.FORM_EXPIRED))
