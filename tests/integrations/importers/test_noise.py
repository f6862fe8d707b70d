"""Noise of scanned duty catalogues, one kind at a time, on an invented department (catalogue.md A 2)."""

from typing import Any

from integrations.reading import read_catalogue

WORKS = """\
部门职责⇥具体化的工作⇥岗位⇥科室
1. 负责车辆调度与保养⇥1.1 编排校车运行班次⇥调度岗⇥车队
⇥1.2 检查校车安全状况⇥安检岗⇥车队
2. 负责场馆开放与维护⇥2.1 安排体育馆开放时段⇥场馆岗⇥场馆科
⇥2.2 保养体育器材⇥场馆岗⇥场馆科
⇥2.3 登记器材借还⇥登记岗⇥场馆科
"""
HEAD = "表 1-2 运行部职责一览表\n\n部门名称: 运行部\n\n系统内职责⇥1. 负责车辆调度与保养;\n⇥2. 负责场馆开放与维护;\n系统外职责⇥无\n\n"


def read(standards: str, works: str = WORKS) -> dict[str, Any]:
    text = f"{HEAD}表 1-3 岗位工作一览表\n\n{works}\n表 1-4 岗位工作标准一览表\n\n{standards}"
    return read_catalogue(text.replace("⇥", "\t").encode(), "noise.txt")


def entries(reading: dict[str, Any]) -> dict[str, list[str]]:
    (department,) = reading["departments"]
    return {
        entry["work_no"]: [standard["no"] for standard in entry["standards"]]
        for entry in department["standards"]
    }


def standard(reading: dict[str, Any], no: str) -> dict[str, Any]:
    listed = [one for entry in reading["departments"][0]["standards"] for one in entry["standards"]]
    return next(one for one in listed if no in (one["no"], one.get("intended_no")))


def codes(reading: dict[str, Any]) -> list[str]:
    return [warning["code"] for warning in reading["warnings"]]


def left_out(reading: dict[str, Any], reason: str) -> list[str]:
    return [item["raw"] for item in reading["left_out"] if item["reason"] == reason]


PLAIN = """\
科室⇥岗位⇥具体化的工作⇥工作标准
车队⇥调度岗⇥1.1 编排校车运行班次⇥1.1.1 每学期开学前一周公布班次;
⇥⇥⇥1.1.2 班次变动提前三天通知。
⇥安检岗⇥1.2 检查校车安全状况⇥1.2.1 每日出车前完成检查;
⇥⇥⇥1.2.2 检查记录完整率100%。
"""


def test_the_plain_table() -> None:
    reading = read(PLAIN)
    assert entries(reading) == {"1.1": ["1.1.1", "1.1.2"], "1.2": ["1.2.1", "1.2.2"]}
    assert codes(reading) == []
    assert [duty["scope"] for duty in reading["departments"][0]["duties"]] == ["系统内", "系统内"]
    assert reading["departments"][0]["outside_duty_cell"] == "无"


def test_page_break_header_again_and_sentence_over_the_page() -> None:
    reading = read(PLAIN.replace("前三天通知。\n", "前\n\n科室⇥岗位⇥具体化的工作⇥工作标准\n⇥⇥⇥三天通知。\n"))
    assert entries(reading) == {"1.1": ["1.1.1", "1.1.2"], "1.2": ["1.2.1", "1.2.2"]}
    assert standard(reading, "1.1.2")["text"] == "班次变动提前三天通知。"
    assert standard(reading, "1.1.2")["flags"] == ["page_joined"]
    assert len(left_out(reading, "header")) == 12


def test_figures_alone_end_an_open_sentence() -> None:
    reading = read(PLAIN.replace("完整率100%。", "差错率为\n⇥⇥⇥0。\n⇥⇥⇥3 17"))
    assert standard(reading, "1.2.2")["text"] == "检查记录差错率为0。"
    assert left_out(reading, "no_words") == ["3 17"]


def test_numbers_split_and_glued() -> None:
    reading = read(
        PLAIN.replace("1.2.1 每日", "1. 2. 1 每日").replace("1.2.2 检查记录", "1.2.23月底前检查记录")
    )
    assert entries(reading)["1.2"] == ["1.2.1", "1.2.2"]
    assert standard(reading, "1.2.2")["text"].startswith("3月底前")
    assert codes(reading) == ["number_glued"]


def test_glued_figure_stays_with_the_number_when_the_sequence_says_so() -> None:
    rows = "".join(f"⇥⇥⇥1.2.{k} 第{'一二三四五六七八九十'[k - 1]}项检查完成;\n" for k in range(2, 11))
    reading = read(PLAIN.replace("⇥⇥⇥1.2.2 检查记录完整率100%。\n", rows + "⇥⇥⇥1.2.115月前复查完成。\n"))
    assert standard(reading, "1.2.11")["text"] == "5月前复查完成。"


def test_repeated_and_foreign_numbers_keep_what_is_printed() -> None:
    text = PLAIN.replace("1.1.2 班次", "1.1.1 班次").replace("1.2.2 检查", "2.1.2 检查")
    reading = read(text)
    assert entries(reading) == {"1.1": ["1.1.1", "1.1.1"], "1.2": ["1.2.1", "2.1.2"]}
    assert [standard(reading, no)["no"] for no in ("1.1.2", "1.2.2")] == ["1.1.1", "2.1.2"]
    assert codes(reading) == ["number_repeated", "number_of_other_item"]


def test_a_whole_block_under_another_items_prefix() -> None:
    more = "⇥场馆岗⇥2.2 保养体育器材⇥1.1.1 每季度全面保养一次;\n⇥⇥⇥1.1.2 保养后张贴标签。\n"
    reading = read(PLAIN + more)
    assert [one.get("intended_no") for one in reading["departments"][0]["standards"][2]["standards"]] == [
        "2.2.1",
        "2.2.2",
    ]
    assert reading["departments"][0]["standards"][2]["work_text"] == "保养体育器材"


def test_lone_position_and_lost_standard() -> None:
    reading = read(PLAIN.replace("1.1.2 班次", "2、班次").replace("1.2.2 检查", "1.2.4 检查"))
    assert standard(reading, "1.1.2")["no"] == "2、"
    assert entries(reading)["1.2"] == ["1.2.1", "1.2.4"]
    assert codes(reading) == ["number_short", "number_skipped"]


def test_ghost_rows_are_no_records() -> None:
    ghost = "⇥⇥1.2 桧查校牟安仝伏况⇥\n⇥⇥⇥0.2.2 桧查记灵宂整辛100%。\n"
    reading = read(PLAIN + ghost)
    assert entries(reading) == entries(read(PLAIN))
    assert len(left_out(reading, "ghost")) == 2


def test_page_replayed_in_the_left_cell() -> None:
    page = (
        "1.1.1 每学期开学前一周公布班次; 1.1.2 班次变动提前三天通知。 1.2.1 每日出车前完成检查; 1.2.2 检查记录完整率100%。⇥⇥1.1 编排校车运行班次⇥1.1.1 每学期开学前一周公布班次;\n"
        "1.1.2 班次变动提前三天通知。 1.2.1 每日出车前完成检查; 1.2.2 检查记录完整率10%。⇥⇥⇥1.1.2 班次变动提前三天通知。\n"
        "1.2.1 每日出车前完成检查; 1.2.2 检查记录完整率100%。⇥⇥1.2 检查校车安全状况⇥1.2.1 每日出车前完成检查;\n"
        "⇥⇥⇥1.2.2 检查记录完整率100%。\n"
    )
    reading = read(page)
    assert entries(reading) == {"1.1": ["1.1.1", "1.1.2"], "1.2": ["1.2.1", "1.2.2"]}
    assert standard(reading, "1.2.2")["text"] == "检查记录完整率100%。"
    assert len(left_out(reading, "repeat")) == 3


def test_standard_printed_twice_is_one() -> None:
    row = "⇥⇥⇥1.2.2 检查记录完整率100%。\n"
    reading = read(PLAIN + row)
    assert entries(reading)["1.2"] == ["1.2.1", "1.2.2"]


def test_two_work_items_in_one_cell_and_a_standard_in_the_cell_above() -> None:
    text = "场馆科⇥场馆岗⇥2.1 安排体育馆开放时段 2.2 保养体育器材⇥2.1.1 每周公布时段; 2.2.1 每季度保养一次; 2.3.1 当日登记;\n⇥登记岗⇥2.3 登记器材借还⇥2.3.2 账物相符。\n"
    reading = read(text)
    assert entries(reading) == {"2.1": ["2.1.1"], "2.2": ["2.2.1"], "2.3": ["2.3.1", "2.3.2"]}
    assert [entry["post"] for entry in reading["departments"][0]["standards"]] == [
        "场馆岗",
        "场馆岗",
        "登记岗",
    ]


def test_renumbered_table_is_linked_by_text_and_asked() -> None:
    text = "科室名称: 场馆科\n\n⇥场馆岗⇥1.1 安排体育馆开放时段⇥1.1.1 每周公布时段。\n⇥⇥1.2 保养体育器材⇥1.2.1 每季度保养一次。\n"
    reading = read(text)
    assert [entry["matches_work_no"] for entry in reading["departments"][0]["standards"]] == ["2.1", "2.2"]
    assert codes(reading).count("link_by_text") == 2


def test_centred_label_is_not_carried_down() -> None:
    rows = (
        "⇥⇥2.1 安排体育馆开放时段⇥2.1.1 每周公布时段;\n⇥⇥⇥2.1.2 变动提前一天告知。\n"
        "场馆科⇥场馆岗⇥⇥2.2.1 每季度保养一次;\n⇥⇥2.2 保养体育器材⇥2.2.2 保养后张贴标签。\n"
        "⇥登记岗⇥2.3 登记器材借还⇥2.3.1 当日登记。\n"
    )
    posts = {entry["work_no"]: entry["post"] for entry in read(rows)["departments"][0]["standards"]}
    assert posts == {"2.1": "场馆岗", "2.2": "场馆岗", "2.3": "登记岗"}


def test_lost_work_cell_is_taken_from_table_1_3() -> None:
    reading = read(PLAIN.replace("1.2 检查校车安全状况", ""))
    second = reading["departments"][0]["standards"][1]
    assert (second["work_text"], second["flags"]) == ("检查校车安全状况", ["work_text_from_1_3"])
    assert "work_text_from_1_3" in codes(reading)


def test_cut_left_edge_is_rebuilt_and_asked() -> None:
    cut = "⇥⇥2.1 安排体育馆开放时段⇥2.1.1 每周公布时段;\n\n1.2 变动提前一天告知;\n2.1 每季度保养一次;\n2.2 保养后张贴标签;\n3.1 当日登记。\n"
    reading = read(cut)
    assert entries(reading) == {"2.1": ["2.1.1", "2.1.2"], "2.2": ["2.2.1", "2.2.2"], "2.3": ["2.3.1"]}
    assert codes(reading).count("left_edge_cut") == 4


def test_line_ends_in_an_extra_column() -> None:
    text = "2.1.1 每周五下午公布下周开放时⇥段;\n2.2.1 每季度保养一次并登记结⇥果;\n2.3.1 当日登记。⇥\n"
    reading = read(text)
    assert standard(reading, "2.1.1")["text"].endswith("开放时段;")
    assert [repair["code"] for repair in reading["repairs"]].count("tail_joined") == 2


def test_sub_items_stay_inside_their_standard() -> None:
    reading = read(PLAIN.replace("完成检查;", "完成检查 (1)检查灯光; (2)检查轮胎; (3)填写记录;"))
    one = standard(reading, "1.2.1")
    assert one["sub_items"] == 3
    assert one["sub_item_texts"] == ["检查灯光;", "检查轮胎;", "填写记录;"]


def test_sign_off_and_mark_up() -> None:
    reading = read(PLAIN.replace("完整率100%", r"完整率 \geq <b>95</b>%") + "\n制定人: 甲 审定人: 乙\n")
    assert reading["departments"][0]["sign_offs"] == ["制定人: 甲 审定人: 乙"]
    assert "≥ 95%" in standard(reading, "1.2.2")["text"]


def test_posts_filled_in_both_directions() -> None:
    works = WORKS.replace("⇥2.2 保养体育器材⇥场馆岗⇥场馆科", "⇥2.2 保养体育器材⇥⇥场馆科")
    rows = "⇥场馆岗⇥2.1 安排体育馆开放时段⇥2.1.1 每周公布时段。\n⇥⇥2.2 保养体育器材⇥2.2.1 每季度保养一次。\n"
    reading = read(rows, works)
    items = {work["no"]: work for duty in reading["departments"][0]["duties"] for work in duty["work_items"]}
    assert items["2.2"]["post"] == "场馆岗"
    assert "post_filled" in codes(reading)


def test_two_tables_that_disagree_show_both() -> None:
    rows = "⇥登记岗⇥2.1 安排体育馆开放时段⇥2.1.1 每周公布时段;\n⇥登记岗⇥⇥2.1.2 变动提前一天告知。\n⇥登记岗⇥2.3 登记器材借还⇥2.3.1 当日登记。\n"
    first = read(rows)["departments"][0]["standards"][0]
    assert (first["post"], first["post_in_table_1_3"]) == ("登记岗", "场馆岗")
    assert "post_differs" in codes(read(rows))


def test_figure_in_doubt() -> None:
    assert "figure_in_doubt" in codes(read(PLAIN.replace("完整率100%", "准确率 10%")))
