"""The page as a browser shows it, on a phone and on a screen."""

import pytest
from browsers import running_browser
from pages import RUNS


@pytest.fixture(scope="module")
def browser():
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def pages(page_of_run):
    """The file of each run's page."""
    return lambda run: page_of_run(run)[1]


# Text that leaves the window, or that a box cuts off; what scrolls within its own box does neither.
CUT_OFF = """
const found = [], known = new Map();
const cut = element => {
  if (!element) return false;
  if (!known.has(element)) {
    const style = getComputedStyle(element);
    const full = /hidden|clip/.test(style.overflowX + style.overflowY) &&
      (element.scrollWidth > element.clientWidth + 1 ||
        element.scrollHeight > element.clientHeight + 1);
    known.set(element, full || cut(element.parentElement));
  }
  return known.get(element);
};
for (const element of document.body.querySelectorAll("*")) {
  const own = [...element.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim());
  if (!own.length || !element.checkVisibility() || element.matches(".unseen")) continue;
  const boxed = element.closest(".scroll, .frame");
  for (const node of own) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    const cell = element.closest("td, th, li, p, pre, dd, dt, figcaption, summary, h1, h2, h3");
    const box = (cell || element).getBoundingClientRect();
    const leaves = text.left < box.left - 1 || text.right > box.right + 1;
    const outside = !boxed && (text.left < -1 || text.right > arguments[0] + 1);
    if (leaves || outside) found.push(node.textContent.trim());
  }
  if (cut(element)) found.push(element.textContent.trim());
}
return found;
"""

UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"

# Contrast of every text with what lies behind it (WCAG 2.2, 1.4.3).
FAINT = """
const parse = colour => colour.match(/[\\d.]+/g).map(Number);
const light = colour => {
  const [r, g, b] = colour.map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = element => {
  for (let up = element; up; up = up.parentElement) {
    const [r, g, b, a = 1] = parse(getComputedStyle(up).backgroundColor);
    if (a === 1) return [r, g, b];
  }
  throw "nothing lies behind";
};
const found = [];
for (const element of document.body.querySelectorAll("*")) {
  if (![...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
  if (!element.checkVisibility()) continue;
  const pair = [light(parse(getComputedStyle(element).color).slice(0, 3)), light(behind(element))];
  const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  if (contrast < 4.5) found.push([contrast, element.textContent.trim()]);
}
return found;
"""


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("run", RUNS)
def test_it_fits_a_phone_and_a_screen(run, width, browser, pages):
    browser.show(pages(run), width)
    assert browser.driver.title.startswith("Image formats compared")
    assert browser.run("return document.scrollingElement.scrollWidth") <= width
    assert browser.run("return document.documentElement.clientWidth") == width
    assert browser.run(CUT_OFF, width) == []
    browser.run(UNFOLD)
    assert browser.run("return document.scrollingElement.scrollWidth") <= width
    assert browser.run(CUT_OFF, width) == []
    assert browser.logged() == []


@pytest.mark.parametrize("width", [390, 1440])
def test_it_loads_nothing_and_shows_every_figure(width, browser, pages, pictures):
    browser.show(pages("usual"), width)
    asked = browser.requested()
    assert asked[0] == pages("usual").as_uri()
    assert all(address.startswith("data:") for address in asked[1:])
    shown = browser.run(
        "return [...document.images].map(one => [one.naturalWidth, one.checkVisibility(),"
        " one.getBoundingClientRect().width, one.getBoundingClientRect().height])"
    )
    assert len(shown) == len(pictures)
    assert all(natural > 0 and visible and w > 200 and h > 50 for natural, visible, w, h in shown)
    assert browser.logged() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("run", ["usual", "noisy"])
def test_every_word_stands_out_from_its_background(run, scheme, browser, pages):
    browser.show(pages(run), 1440, scheme=scheme)
    background = browser.run("return getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (scheme == "light")
    assert browser.run(FAINT) == []


def test_the_verdict_is_large_enough_to_read_on_a_phone(browser, pages):
    browser.show(pages("usual"), 390)
    browser.run(UNFOLD)
    sizes = browser.run(
        "return [...document.querySelectorAll('.verdict, .answers *')]"
        ".filter(one => one.checkVisibility() && one.textContent.trim())"
        ".map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert len(sizes) > 20
    assert min(sizes) >= 14


def test_answers_are_cards_on_a_phone_and_a_table_on_a_screen(browser, pages):
    places = "return [...document.querySelectorAll('.answers tbody tr:first-child > *')].map("
    for width, is_column in ((390, True), (1440, False)):
        browser.show(pages("usual"), width)
        browser.run(UNFOLD)
        tops = browser.run(places + "one => one.getBoundingClientRect().top)")
        assert (len(set(tops)) == len(tops)) == is_column
