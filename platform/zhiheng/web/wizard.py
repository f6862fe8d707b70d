"""Upload in steps (导入向导): upload, read, check, store; each step has its own address, so that one can leave and come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_MEGABYTES = 20
State = Literal["done", "now", "next"]


@dataclass(frozen=True)
class WizardStep:
    """One step with its state."""

    label: str
    state: State

    @property
    def icon(self) -> str:
        """Tick, progress ring or dashed ring."""
        return {"done": "circle-check", "now": "progress", "next": "circle-dashed"}[self.state]


def steps(labels: Sequence[str], now: int) -> list[WizardStep]:
    """Steps with the one at place ``now`` (from 0) as the current one."""

    def state(place: int) -> State:
        if place < now:
            return "done"
        return "now" if place == now else "next"

    return [WizardStep(label, state(place)) for place, label in enumerate(labels)]


class UploadForm(forms.Form):
    """One file of the kinds that the page reads."""

    file = forms.FileField(
        label=gettext_lazy("文件"), error_messages={"required": gettext_lazy("请先选一个文件。")}
    )

    def __init__(self, *args: object, endings: Sequence[str] = (".xlsx",), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.endings = tuple(endings)
        self.fields["file"].widget.attrs["accept"] = ",".join(self.endings)

    def clean_file(self) -> "UploadedFile[Any]":
        """Ending and size; the content is checked by the reader."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        name = upload.name or ""
        if not name.lower().endswith(self.endings):
            wanted = _("、").join(self.endings)
            raise forms.ValidationError(
                _("“{name}”不是{wanted}文件。请在Excel里另存为{wanted}再传。").format(
                    name=name, wanted=wanted
                )
            )
        if (upload.size or 0) > MAX_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                _("“{name}”超过{limit}MB。请删掉图片和不用的工作表再传。").format(
                    name=name, limit=MAX_MEGABYTES
                )
            )
        return upload
