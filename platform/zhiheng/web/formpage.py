"""Form pages (表单页): one class for showing, checking, saving and telling kindly what has to be changed.

Errors stand in a list at the top that links to the fields, and at the fields.  A Problem raised by the service is shown
the same way: at the field that ``problem.data["field"]`` names, else at the top.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from zhiheng.kernel.errors import Problem


@dataclass(frozen=True)
class FormError:
    """One line of the list at the top: text and the id of the field it belongs to (empty for the whole form)."""

    text: str
    field_id: str


class FormPage(View):
    """Base of all pages with one form; subclasses set ``form_class`` and ``heading`` and write ``save``."""

    template_name = "web/form.html"
    form_class: ClassVar[type[BaseForm]] = Form
    heading: ClassVar[str] = ""
    lead: ClassVar[str] = ""
    submit_label: ClassVar[str] = ""
    done_message: ClassVar[str] = ""
    cancel_href: ClassVar[str] = ""

    def save(self, form: Any) -> str:
        """Call the service; the address to go to afterwards.  A Problem is shown on the form."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        """Values the form starts with."""
        return {}

    def build_form(self, *args: Any, **kwargs: Any) -> Any:
        """The form object; override to hand over further arguments."""
        return self.form_class(*args, **kwargs)

    def context(self) -> dict[str, Any]:
        """Further context: crumbs, lead, ..."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty or prefilled form."""
        del args, kwargs
        return self.show(request, self.build_form(initial=self.initial()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check and save; 422 with the form when something has to be changed."""
        del args, kwargs
        form = self.build_form(request.POST, request.FILES, initial=self.initial())
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            target = self.save(form)
        except Problem as problem:
            add_problem(form, problem)
            return self.show(request, form, status=problem.status)
        if self.done_message:
            messages.success(request, _(self.done_message))
        return HttpResponseRedirect(target)

    def show(self, request: HttpRequest, form: BaseForm, status: int = 200) -> HttpResponse:
        """Render the page."""
        context = {
            "heading": _(self.heading),
            "lead": _(self.lead) if self.lead else "",
            "submit_label": _(self.submit_label),
            "cancel_href": self.cancel_href,
            "form": form,
            "form_errors": form_errors(form),
            **self.context(),
        }
        return render(request, self.template_name, context, status=status)


def add_problem(form: BaseForm, problem: Problem) -> None:
    """Attach a failure of the service to the field it names, or to the form."""
    field = problem.data.get("field")
    form.add_error(field if field in form.fields else None, problem.text(_))
    for line in problem.data.get("details", ()):
        form.add_error(None, str(line))


def form_errors(form: BaseForm) -> list[FormError]:
    """All errors of a form in the order of its fields, whole-form errors first."""
    if not form.is_bound:
        return []
    found = [FormError(str(text), "") for text in form.non_field_errors()]
    for field in form:
        found += [FormError(str(text), field.id_for_label) for text in field.errors]
    return found
