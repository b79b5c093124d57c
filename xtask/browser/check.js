"use strict";
/*
 * Opens HTML reports in Chromium and looks at them as a reader does. Run by `cargo xtask browser`:
 *   node check.js MODULES CHROMIUM OUT DEMO HOSTILE
 * MODULES holds `playwright-core`, OUT takes the screenshots. Exit status 1 if something is not as it should be.
 */
const path = require("path");
const { pathToFileURL } = require("url");
const { createRequire } = require("module");

const [modules, chromium, out, demo, hostile] = process.argv.slice(2);
const playwright = createRequire(path.join(modules, "x.js"))("playwright-core");

const problems = [];

function hold(name, is) {
  console.log((is ? "ok    " : "FAILED") + "  " + name);
  if (!is) problems.push(name);
}

/* A page that notes everything it should not do. */
async function open(context, file, name) {
  const page = await context.newPage();
  const heard = [];
  page.on("console", (message) => heard.push(message.type() + ": " + message.text()));
  page.on("pageerror", (error) => heard.push("error: " + error.message));
  page.on("dialog", (dialog) => {
    heard.push("dialog: " + dialog.message());
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file).href) heard.push("request: " + request.url());
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
  });
  await page.goto(pathToFileURL(file).href);
  page.quiet = async () => {
    const violations = await page.evaluate(() => window.violations);
    hold(name + ": nothing is said, asked for or refused " + heard.concat(violations).join("; "), heard.length + violations.length === 0);
  };
  page.picture = (what) => page.screenshot({ path: path.join(out, name + "-" + what + ".png"), fullPage: true });
  return page;
}

const visible = (page) => page.locator("article:visible").count();

async function filters(page) {
  const all = await page.locator("article").count();
  hold("demo: the filters show, and all findings", (await page.locator("#filters").isVisible()) && (await visible(page)) === all && all > 5);
  hold("demo: the count is told", (await page.locator("#shown").textContent()) === all + " of " + all + " findings shown");
  const errors = await page.locator("article.error").count();
  await page.locator("input[value=error]").click();
  hold("demo: without errors", (await visible(page)) === all - errors && errors > 0);
  hold("demo: the count follows", (await page.locator("#shown").textContent()).startsWith(all - errors + " of "));
  await page.getByRole("button", { name: "Reset" }).click();
  await page.waitForFunction((all) => document.getElementById("shown").textContent.startsWith(all + " of"), all);
  hold("demo: reset shows all", (await visible(page)) === all);
  await page.locator("#rule").selectOption("non-idempotent-command");
  hold("demo: one rule", (await visible(page)) === (await page.locator("article[data-rule=non-idempotent-command]").count()));
  await page.locator("#file").selectOption({ index: 1 });
  hold("demo: filters add up, and say if nothing is left", (await visible(page)) === 0 && (await page.locator("#no-match").isVisible()));
  await page.getByRole("button", { name: "Reset" }).click();
  await page.locator("body").press("/");
  await page.keyboard.type("NativeIngestion SYSTEM");
  const found = await visible(page);
  hold("demo: search by words", found > 0 && found < all);
  await page.keyboard.press("Escape");
  hold("demo: escape ends the search", (await visible(page)) === all);
  await page.locator("#find").blur();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  hold("demo: j steps to the second finding", await page.evaluate(() => document.activeElement === document.querySelectorAll("article")[1]));
  await page.keyboard.press("k");
  hold("demo: k steps back", await page.evaluate(() => document.activeElement === document.querySelector("article")));
  await page.locator("a.rule").nth(2).click();
  hold("demo: a finding has an address", (await page.evaluate(() => location.hash)).startsWith("#f-"));
}

/* Contrast of text and what lies behind it, as WCAG 2 counts it, at its worst. */
function contrast() {
  const parts = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (parts(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  let worst = [21, ""];
  for (const element of document.querySelectorAll("body *")) {
    const own = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || element.closest("script, style, [hidden], option")) continue;
    const pair = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < worst[0]) worst = [ratio, element.tagName + "." + element.className];
  }
  return worst;
}

async function main() {
  const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox"] });
  const size = { width: 1280, height: 900 };
  const light = await browser.newContext({ viewport: size, colorScheme: "light" });
  const page = await open(light, demo, "demo");
  await page.picture("light");
  await filters(page);
  await page.goto(pathToFileURL(demo).href);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [bright, ratio] = [await background(), await page.evaluate(contrast)];
  hold("demo: text stands out, light " + ratio, ratio[0] >= 4.5);
  await page.locator("#theme").selectOption("dark");
  hold("demo: the switch makes it dark", (await background()) !== bright);
  const dark = await browser.newContext({ viewport: size, colorScheme: "dark" });
  const night = await open(dark, demo, "demo");
  hold("demo: dark where the system is", (await night.evaluate(() => getComputedStyle(document.body).backgroundColor)) !== bright);
  const atNight = await night.evaluate(contrast);
  hold("demo: text stands out, dark " + atNight, atNight[0] >= 4.5);
  await night.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  hold("demo: the map shows", await night.locator(".map > svg").isVisible());
  const fill = await night.locator(".map text").first().evaluate((text) => getComputedStyle(text).fill);
  hold("demo: the map has the colours of the page " + fill, fill !== "rgb(0, 0, 0)");
  await night.picture("dark");
  const small = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: "light" });
  const phone = await open(small, demo, "demo");
  hold("demo: nothing sticks out of a small screen", await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await phone.picture("small");
  const still = await browser.newContext({ viewport: size, javaScriptEnabled: false });
  const plain = await still.newPage();
  await plain.goto(pathToFileURL(demo).href);
  hold("demo: without scripts, all findings and no filters", (await visible(plain)) > 5 && !(await plain.locator("#filters").isVisible()));
  await page.emulateMedia({ media: "print" });
  await page.pdf({ path: path.join(out, "demo.pdf") });
  await page.picture("print");
  await page.quiet();
  await night.quiet();

  const bad = await open(light, hostile, "hostile");
  await bad.waitForTimeout(300);
  hold("hostile: there are findings", (await visible(bad)) > 0);
  hold("hostile: no element came in", (await bad.locator("img, a:not(.rule), script:not(:last-child), iframe, :not(.map) > svg, b, i").count()) === 0);
  hold("hostile: a name is a text", (await bad.locator("body").textContent()).includes("<img src=x onerror=alert(1)>"));
  await bad.locator("#file").selectOption({ index: 1 });
  hold("hostile: a file is chosen by its name", (await visible(bad)) > 0 && !(await bad.locator("#no-match").isVisible()));
  await bad.getByRole("button", { name: "Reset" }).click();
  await bad.locator("#find").fill("<img");
  hold("hostile: marks are searched for as text", (await visible(bad)) > 0);
  await bad.getByRole("button", { name: "Reset" }).click();
  await bad.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await bad.picture("light");
  await bad.quiet();
  await browser.close();
}

main().then(
  () => process.exit(problems.length === 0 ? 0 : 1),
  (error) => {
    console.log(error);
    process.exit(1);
  },
);
