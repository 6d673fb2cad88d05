"""The library and the checklists over HTTP."""

from __future__ import annotations

import re
from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader

from bot.documents.desk import Desk
from tests.fakes.assistant import FakeAssistant
from tests.fakes.desk import make_desk

SHEET = "/api/procedures/birth_registration/checklist"
CONVERSATION = "/api/conversations/family"
BAD = [
    ("nope=1", 422, "nope"),
    ("born_where=moon", 422, "facility, home, found"),
    ("child_born=yesterday", 422, "YYYY-MM-DD"),
    ("born_where=home&born_where=home", 422, "twice"),
    ("on=2026-13-01", 422, "on"),
    ("on=1990-01-01", 404, "begins on"),
    ("language=tlh", 404, "tlh"),
]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return make_desk()


@pytest.fixture(autouse=True)
def documents(assistant: FakeAssistant, desk: Desk) -> None:
    assistant.desk = desk


async def get(client: httpx.AsyncClient, path: str, status: int = 200) -> httpx.Response:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text[:300]
    return answer


async def test_pdf_for_answers(client: httpx.AsyncClient) -> None:
    answer = await get(client, f"{SHEET}.pdf?born_where=home&child_born=2026-10-20&language=en")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert 'filename="birth_registration.pdf"' in answer.headers["content-disposition"]
    assert "Birth registration" in PdfReader(BytesIO(answer.content)).pages[0].extract_text()


async def test_page_for_answers(client: httpx.AsyncClient) -> None:
    html = (await get(client, f"{SHEET}?born_where=home&on=2026-11-23")).text
    assert "Căn cước, hộ chiếu, hoặc giấy có ảnh của người đi làm" in html
    assert f'href="{SHEET}.pdf?born_where=home&amp;on=2026-11-23"' in html
    for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', html):
        await get(client, file)


@pytest.mark.parametrize("form", ["", ".pdf"])
@pytest.mark.parametrize(("query", "status", "says"), BAD)
async def test_bad_answers_are_problems(
    client: httpx.AsyncClient, form: str, query: str, status: int, says: str
) -> None:
    answer = await get(client, f"{SHEET}{form}?{query}", status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]


async def test_unknown_procedure_is_a_problem_with_the_nearest(client: httpx.AsyncClient) -> None:
    answer = await get(client, "/api/procedures/birth_registraton/checklist.pdf", 404)
    assert "birth_registration" in answer.json()["detail"]


async def test_checklist_of_a_conversation(client: httpx.AsyncClient) -> None:
    await get(client, f"{CONVERSATION}/checklist.pdf", 404)
    said = ["language:vi", "start:birth_registration"]
    for choice in said:
        await client.post(f"{CONVERSATION}/messages", json={"choice": choice})
    pdf = await get(client, f"{CONVERSATION}/checklist.pdf")
    assert pdf.content.startswith(b"%PDF")
    html = (await get(client, f"{CONVERSATION}/checklist")).text
    assert "Đăng ký khai sinh" in html


async def test_before_anything_is_under_way_there_is_no_checklist(
    client: httpx.AsyncClient,
) -> None:
    await client.post(f"{CONVERSATION}/messages", json={"choice": "language:vi"})
    await get(client, f"{CONVERSATION}/checklist", 422)


async def test_every_listed_page_opens_in_every_language(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    front = (await get(client, "/library")).text
    pages = re.findall(r'<li data-key="[^"]*"><a href="([^"]+)"', front)
    assert len(pages) == len(desk.knowledge.procedures)
    for language in desk.languages.offered():
        for path in pages:
            html = (await get(client, f"{path}?language={language}")).text
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=|\{[a-z_]+\}", html), path


async def test_addresses_within_the_library_lead_somewhere(client: httpx.AsyncClient) -> None:
    html = (await get(client, "/library/birth_registration?on=2027-03-01&language=en")).text
    for path in set(re.findall(r'href="(/[^"]+)"', html)):
        await get(client, path.replace("&amp;", "&"))
    anchors = re.findall(r'href="#([^"]+)"', html)
    assert anchors
    assert all(f'id="{anchor}"' in html for anchor in anchors)


async def test_facts_on_the_page_show_sources_and_dates(client: httpx.AsyncClient) -> None:
    html = (await get(client, "/library/birth_registration")).text
    for block in re.findall(r'<details class="source">.*?</details>', html, re.S):
        assert "Đúng từ ngày" in block
        assert re.search(r"Loại [AB]:|Cán bộ xã đã xác nhận", block)
    assert html.count("Chưa xác nhận") > 3


async def test_search_works_without_diacritics_and_without_scripts(
    client: httpx.AsyncClient,
) -> None:
    html = (await get(client, "/library?q=ho+khau")).text
    first = re.search(r'<ul class="list">\s*<li><a href="([^"#]+)', html)
    assert first
    assert first[1] == "/library/permanent_residence"
    assert "Không tìm thấy" in (await get(client, "/library?q=xyzzy")).text


async def test_what_is_looked_for_is_shown_as_text(client: httpx.AsyncClient) -> None:
    html = (await get(client, '/library?q="><script>alert(1)</script>')).text
    assert "<script>alert" not in html


async def test_forms_may_only_be_sent_here(client: httpx.AsyncClient) -> None:
    policy = (await get(client, "/library")).headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/library/nothing", "/library/birth_registration?on=1990-01-01"])
async def test_what_is_not_there_is_a_page_that_says_so(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await get(client, path, 404)
    assert 'role="alert"' in answer.text


async def test_odd_days_and_languages_mean_today_and_vietnamese(client: httpx.AsyncClient) -> None:
    plain = (await get(client, "/library")).text
    assert (await get(client, "/library?on=soon&language=tlh")).text == plain


async def test_flow_is_a_picture_of_its_own(client: httpx.AsyncClient) -> None:
    answer = await get(client, "/library/birth_registration/flow.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "<style" not in answer.text
