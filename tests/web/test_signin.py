"""Signing in and out, the lock, the first password."""

from typing import Any

from tests.web.conftest import PASSWORD


def _sign_in(client: Any, username: str, password: str, **extra: str) -> Any:
    return client.post("/sign-in/", {"username": username, "password": password, **extra})


def test_right_password_leads_to_the_wanted_page(college_a: Any, client_for: Any, person: Any) -> None:
    person(college_a, "quality", username="2019")
    answer = _sign_in(client_for(college_a), "2019", PASSWORD, next="/jobs/?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/jobs/?page=2")


def test_foreign_next_is_ignored(college_a: Any, client_for: Any, person: Any) -> None:
    person(college_a, username="2019")
    for foreign in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        client = client_for(college_a)
        assert _sign_in(client, "2019", PASSWORD, next=foreign)["Location"] == "/"


def test_account_of_another_college_does_not_open(
    college_a: Any, college_b: Any, client_for: Any, person: Any
) -> None:
    person(college_b, username="2019")
    answer = _sign_in(client_for(college_a), "2019", PASSWORD)
    assert answer.status_code == 401
    assert "账号或密码不对。再错4次，账号会锁10分钟。" in answer.content.decode()


def test_fifth_mistake_locks_and_says_so(college_a: Any, client_for: Any, person: Any) -> None:
    person(college_a, username="2019")
    client = client_for(college_a)
    left = [_sign_in(client, "2019", "wrong").content.decode() for _unused in range(4)]
    assert ["再错4次" in left[0], "再错1次" in left[3]] == [True, True]
    fifth = _sign_in(client, "2019", "wrong")
    assert fifth.status_code == 429
    assert "账号已锁10分钟" in fifth.content.decode()
    right = _sign_in(client, "2019", PASSWORD)
    assert right.status_code == 429, "the right password does not open a locked account"


def test_too_many_failures_from_one_address(college_a: Any, client_for: Any) -> None:
    from zhiheng.web.account import limits

    client = client_for(college_a)
    for number in range(limits.LIMIT):
        assert _sign_in(client, f"guess{number}", "wrong").status_code == 401
    answer = _sign_in(client, "another", "wrong")
    assert answer.status_code == 429
    assert "10分钟" in answer.content.decode()


def test_empty_form_names_both_fields(college_a: Any, client_for: Any) -> None:
    answer = client_for(college_a).post("/sign-in/", {"username": "", "password": ""})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请填账号或手机号" in text
    assert "请填密码" in text


def test_sign_out_ends_the_session(college_a: Any, client_for: Any, person: Any) -> None:
    client = client_for(college_a, person(college_a, "quality"))
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_first_password_has_to_be_changed(college_a: Any, client_for: Any, person: Any) -> None:
    person(college_a, "quality", username="2019", first_time=True)
    client = client_for(college_a)
    assert _sign_in(client, "2019", PASSWORD).status_code == 302
    assert client.get("/")["Location"] == "/password/"
    page = client.get("/password/")
    assert "初始密码" in page.content.decode()
    new = "Xin-mima-8821"
    wrong = client.post("/password/", {"old": "nope", "new": new, "again": new})
    assert wrong.status_code == 400
    assert "原密码" in wrong.content.decode()
    different = client.post("/password/", {"old": PASSWORD, "new": new, "again": new + "x"})
    assert different.status_code == 422
    assert "两次填的新密码不一样" in different.content.decode()
    done = client.post("/password/", {"old": PASSWORD, "new": new, "again": new})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert client.get("/").status_code == 200, "this session goes on"


def test_form_without_token_is_refused_kindly(college_a: Any, client_for: Any) -> None:
    client = client_for(college_a)
    client.handler.enforce_csrf_checks = True
    answer = client.post("/sign-in/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "这张表开得太久" in answer.content.decode()
