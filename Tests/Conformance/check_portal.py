"""Walks the portal in Chromium as people of each role do: in both languages, on a phone and on a wide screen, with and
without JavaScript, light and dark. On every page: the status, the language, no error in the console, nothing wider than the
window, at most 200 KB in all and no violation that axe-core finds. Writes screenshots of each page.
Arguments: URL of the market, folder with tokens.json and passwords.json, folder for the screenshots"""
import json
import re
import sys
import tempfile
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import sync_playwright

base, home, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
tokens, passwords = (json.loads((home / name).read_text()) for name in ("tokens.json", "passwords.json"))
folder.mkdir(parents=True, exist_ok=True)
axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
WEIGHT = 200_000
# The words of the portal itself; what data is called keeps its own language.
LABELS = """[...document.querySelectorAll('nav a, dt, label, main button, th, .figures span')]
    .filter(one => !/^(样例|Sample)/.test(one.closest('table')?.caption.textContent ?? '')).map(one => one.textContent.trim())"""
NAMES = {"SHA-256", "URL"}
WORDS = {"zh": {"signIn": "登录", "signOut": "退出", "product": "产品", "scenario": "示范场景", "bill": "账单", "adoption": "应用成效",
                "mine": "我的产品", "sales": "销售", "income": "收入", "manage": "管理", "purchases": "我的采购", "receipt": "采购凭证",
                "find": "查找", "import": "导入", "tried": "试运行结果", "compute": "计算", "keep": "保存本页数字"},
         "en": {"signIn": "Sign in", "signOut": "Sign out", "product": "Products", "scenario": "Scenarios", "bill": "Bills",
                "adoption": "Adoption", "mine": "My products", "sales": "Sales", "income": "Income", "manage": "Administration",
                "purchases": "My purchases", "receipt": "Receipt of the purchase", "find": "Find", "import": "Import",
                "tried": "What the import would do", "compute": "Compute", "keep": "Keep the figure of this page"}}
# A catalogue of one entry, which nobody imports in earnest here.
CATALOGUE = json.dumps({"dataset": [{
    "title": "Bus stops of the test", "description": "Where buses stop.", "identifier": "portal-test-1",
    "publisher": {"name": "Portal test authority"}, "keyword": ["bus"], "accessLevel": "public"}]})
# One that takes some seconds to read; every tenth entry is refused.
LONG = json.dumps({"dataset": [{
    "identifier": f"long-{number}", "description": "Where buses stop. " * 40, "accessLevel": "public",
    **({"title": f"Bus stops of line {number}"} if number % 10 else {})} for number in range(20_000)]})
problems, seen, checked = [], {}, set()


class Visit:
    """One person at one window: what the console says and what each page fetches is kept."""

    def __init__(self, browser, language, width, scripts, scheme="light"):
        self.language, self.width, self.scripts, self.scheme = language, width, scripts, scheme
        self.words = WORDS[language]
        self.context = browser.new_context(
            viewport={"width": width, "height": 740 if width < 700 else 1000}, java_script_enabled=scripts,
            color_scheme=scheme, locale="zh-CN" if language == "zh" else "en-GB")
        self.context.add_cookies([{"name": "lang", "value": language, "url": base}])
        self.page = self.context.new_page()
        self.answers = []
        self.refusal = None  # the status that the next page is expected to have
        self.page.on("console", self.said)
        self.page.on("pageerror", lambda error: self.wrong(str(error)))
        self.page.on("response", self.keep)

    def said(self, message):
        if message.type in ("error", "warning") and not (self.refusal and f"status of {self.refusal} " in message.text):
            self.wrong(message.text)

    def wrong(self, what):
        scripts = "" if self.scripts else " without JavaScript"
        problems.append(f"{self.page.url} ({self.language}, {self.width} px, {self.scheme}{scripts}): {what}")
        print(problems[-1], file=sys.stderr, flush=True)

    def keep(self, response):
        if response.request.is_navigation_request():
            self.answers = []
        self.answers.append(response)

    def look(self, name, status=200):
        """Checks the page that is open; once for each language, width and scheme axe looks at it."""
        page = self.page
        if (shown := page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")) != status:
            self.wrong(f"{name}: status {shown}")
        if not page.evaluate("document.documentElement.lang").startswith(self.language):
            self.wrong(f"{name}: not in the language that was asked for")
        if (wider := page.evaluate("document.documentElement.scrollWidth - window.innerWidth")) > 0:
            self.wrong(f"{name}: {wider} px wider than the window")
        weight = sum(answer.request.sizes()["responseBodySize"] for answer in self.answers)
        if weight > WEIGHT:
            self.wrong(f"{name}: weighs {weight} bytes")
        seen[name] = max(seen.get(name, 0), weight)
        for label in page.evaluate(LABELS):
            if bool(re.search("[㐀-鿿]", label)) != (self.language == "zh") and label not in NAMES:
                self.wrong(f"{name}: '{label}' is not in the reader's language")
        if (key := (name, self.language, self.width, self.scheme)) in checked:
            return
        checked.add(key)
        page.screenshot(path=folder / f"{name}-{self.language}-{self.width}-{self.scheme}.png", full_page=True)
        if not self.scripts:  # axe would wait for timers that then never come
            return
        page.evaluate(axe)
        for violation in page.evaluate("axe.run()")["violations"]:
            node = violation["nodes"][0]
            self.wrong(f"{name}: axe {violation['id']}: {node['html'][:160]} {node['failureSummary'][:200]}")

    def open(self, path, name, status=200):
        self.page.goto(base + path)
        self.look(name, status)

    def follow(self, text, name):
        """Clicks the link or button with these words, as a person would."""
        page = self.page
        link = page.get_by_role("link", name=re.compile("^" + re.escape(text)))
        (link if link.count() else page.get_by_role("button", name=text, exact=False)).first.click()
        page.wait_for_load_state()
        self.look(name)

    def refused(self, button, name, status):
        self.refusal = status
        button.click()
        self.page.wait_for_load_state()
        self.look(name, status)
        self.refusal = None

    def first(self, prefix, name):
        """Follows the first link in the page's content that leads below a path."""
        link = self.page.locator(f'main a[href^="{prefix}"]')
        if not link.count():
            return False
        link.first.click()
        self.page.wait_for_load_state()
        self.look(name)
        return True

    def sign_in(self, role, by="password", wanted="/"):
        """By user name and password, after a wrong one; or by token. Leads to the page that was asked for without."""
        page = self.page
        if wanted == "/":
            self.open("/", "home")
        else:
            self.refusal = 401
            self.open(wanted, "sign-in-needed", 401)
            self.refusal = None
        self.follow(self.words["signIn"], "sign-in")
        if by == "token":
            page.locator("#token").fill(tokens[role])
        else:
            page.locator("#name").fill(role)
            page.locator("#password").fill("a wrong password")
            self.refused(page.locator("main button"), "sign-in-refused", 401)
            if page.locator("#name").input_value() != role:
                self.wrong("sign-in: the name that was typed is gone")
            page.locator("#password").fill(passwords[role])
        page.locator("main button").click()
        page.wait_for_load_state()
        if page.url != base + wanted:
            self.wrong(f"sign-in: led to {page.url} instead of {wanted}")
        if not page.get_by_role("button", name=self.words["signOut"]).count():
            self.wrong(f"sign-in as {role} by {by}: not signed in")
        session = [cookie for cookie in self.context.cookies() if cookie["name"] == "market_session"]
        if [(one["httpOnly"], one["sameSite"], tokens[role] in one["value"]) for one in session] != [(True, "Lax", False)]:
            self.wrong(f"sign-in: the cookie is {session}")

    def sign_out(self):
        """And finds that the cookie is good for nothing any more."""
        kept = self.context.cookies()
        self.follow(self.words["signOut"], "home")
        self.context.add_cookies(kept)
        self.page.goto(base + "/")
        if self.page.get_by_role("button", name=self.words["signOut"]).count():
            self.wrong("sign-out: the cookie still signs in")

    def command_without_token(self):
        """Sends the first form of the page without the session's token."""
        page = self.page
        page.evaluate("document.querySelectorAll('main [name=form_token]').forEach(one => one.remove())")
        self.refused(page.locator('main form[method="post"] button').first, "form-refused", 403)


def compare(visit):
    """Ticks two products of the list, as it is open."""
    boxes = visit.page.locator('input[name="code"]')
    boxes.nth(0).check()
    boxes.nth(1).check()
    visit.page.locator("#compare button").click()
    visit.page.wait_for_load_state()
    visit.look("compare")
    if visit.page.locator("main th").count() != 3:
        visit.wrong("compare: not two products side by side")


def visitor(visit):
    visit.open("/", "home")
    visit.page.locator("#q").fill("runways")
    visit.follow(visit.words["find"], "search")
    if not visit.page.locator("article mark").count():
        visit.wrong("search: nothing is marked")
    visit.page.locator('aside a[href*="kind=product"]').first.click()
    visit.page.wait_for_load_state()
    visit.look("search-narrowed")
    visit.open("/search?q=%E4%B8%8D%E5%AD%98", "search-empty")
    visit.open("/", "home")
    visit.follow(visit.words["scenario"], "scenarios")
    visit.first("/scenarios/", "scenario")
    visit.open("/products", "products")
    visit.page.locator("#q").fill("不存在的词")
    visit.follow(visit.words["find"], "products-empty")
    visit.open("/products", "products")
    compare(visit)
    visit.open("/products", "products")
    visit.first("/products/", "product")
    visit.open("/directory", "directory")
    visit.first("/directory/", "entry")
    visit.page.goto(visit.page.url.split("?")[0] + "/history")
    visit.look("entry-history")
    visit.refusal = 404
    visit.open("/products/NOTHING", "not-found", 404)
    visit.refusal = None


def enterprise(visit):
    visit.sign_in("enterprise", wanted="/purchases")
    visit.follow(visit.words["product"], "products")
    for path in visit.page.locator('main a[href^="/products/"]').evaluate_all("links => links.map(a => a.getAttribute('href'))"):
        visit.page.goto(base + path)
        form = visit.page.locator('form[action$="/purchases"]:not(:has(textarea, input[type="text"], input[type="date"]))')
        if form.count():
            break
    visit.look("product-buyer")
    if not form.first.is_visible():
        form.first.locator("xpath=ancestor::details/summary").click()
    visit.look("product-buying")
    form.first.get_by_role("button").click()
    visit.page.wait_for_load_state()
    visit.look("purchase")
    if "/purchases/" not in visit.page.url:
        visit.wrong("a purchase did not lead to its page")
    visit.follow(visit.words["receipt"], "receipt")
    visit.follow(visit.words["purchases"], "purchases")
    visit.first("/purchases/", "purchase")
    visit.follow(visit.words["bill"], "bills")
    visit.first("/bills/", "bill")
    for name in ("webhooks", "corrections", "deadlines", "notices"):
        visit.open("/" + name, name)


def operator(visit):
    visit.sign_in("operator")
    visit.follow(visit.words["mine"], "operator")
    visit.first("/operator/products/", "operator-offers")
    visit.follow(visit.words["sales"], "sales")
    visit.first("/sales/", "sale")
    visit.follow(visit.words["income"], "income")
    visit.open("/consents", "consents")


def upload(visit, catalogue, source):
    """Sends a catalogue with the form of the page that is open; the first mode is the dry run."""
    page = visit.page
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(catalogue.encode())
        file.flush()
        page.locator("input[type=file]").set_input_files(file.name)
        page.locator("#source").fill(source)
        page.locator('form[action="/administration/imports"] button').click()
        page.wait_for_load_state()


def watch(visit):
    """A long dry run: its page comes while it is read, refreshes itself, and ends with the report."""
    page, reads = visit.page, []
    visit.open("/administration", "administration")
    page.on("response", lambda answer: "/administration/imports/" in answer.url and reads.append(answer.headers.get("refresh")))
    upload(visit, LONG, "portal-long")
    if "/administration/imports/" not in page.url:
        visit.wrong("import: not led to its page")
    page.screenshot(path=folder / f"import-running-{visit.language}-{visit.width}-{visit.scheme}.png", full_page=True)
    page.get_by_role("heading", name=visit.words["tried"]).wait_for(timeout=120_000)
    visit.look("import-ended")
    if reads[0] != "2" or reads[-1] is not None or len(reads) < 2:
        visit.wrong(f"import: its page was to be read again after {reads}")


def administrator(visit):
    visit.sign_in("administrator")
    visit.follow(visit.words["manage"], "administration")
    upload(visit, CATALOGUE, "portal-test")
    visit.page.get_by_role("heading", name=visit.words["tried"]).wait_for(timeout=60_000)
    visit.look("import")
    if not visit.scripts:
        watch(visit)
    visit.open("/administration/synonyms", "administration-synonyms")
    visit.command_without_token()
    visit.open("/administration", "administration")
    visit.page.locator("#document").fill(
        "code: SC-2026-900\ntitle: {zh: 测试, en: Test}\ndomain: livelihood\nsource: {confidence: weak}\n")
    visit.page.locator('button[value="preview"]').click()
    visit.page.wait_for_load_state()
    visit.look("scenario-preview")
    visit.open("/scenarios", "scenarios")
    visit.first("/scenarios/", "scenario-officer")
    visit.first("/administration/scenarios/", "scenario-editing")
    for path in ("/administration/drafts", "/administration/conditions", "/consents", "/deadlines", "/ledger", "/corrections", "/adoption/exact-figures"):
        visit.open(path, path[1:].replace("/", "-"))
    visit.open("/directory", "directory")
    visit.first("/directory/", "entry")
    visit.open(visit.page.url.removeprefix(base).split("?")[0] + "/impact", "impact")


def analyst(visit):
    visit.sign_in("analyst", by="token")
    visit.follow(visit.words["adoption"], "adoption")
    visit.page.locator("#by").select_option("province")
    visit.follow(visit.words["compute"], "adoption-province")
    drawn = visit.page.locator("figure.chart canvas").count()
    # The classes, and the history.
    if drawn != (2 if visit.scripts else 0):
        visit.wrong(f"adoption: {drawn} charts")
    visit.follow(visit.words["keep"], "snapshot")
    if "/adoption/snapshots/" not in visit.page.url:
        visit.wrong("a figure that was kept did not lead to its page")
    visit.open("/adoption/panels", "panels")
    visit.first("/adoption/panels/", "panel")
    visit.open("/adoption/snapshots", "snapshots")
    visit.first("/adoption/snapshots/", "snapshot")
    visit.sign_out()


with sync_playwright() as playwright:
    for language in ("zh", "en"):
        for width, scripts, scheme in ((360, True, "light"), (1600, True, "dark"), (360, False, "dark"), (1600, False, "light")):
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"])
            for walk in (visitor, enterprise, operator, administrator, analyst):
                visit = Visit(browser, language, width, scripts, scheme)
                try:
                    walk(visit)
                except Exception as error:
                    visit.wrong(f"{walk.__name__}: {error}")
                visit.context.close()
            browser.close()

heaviest = max(seen, key=seen.get)
print(f"{len(seen)} pages, {len(checked)} screenshots in {folder}; the heaviest is {heaviest} with {seen[heaviest]} bytes")
sys.exit(1 if problems else 0)
