// The front of the house: every service is there, honest about what is open, reachable by keyboard and on a phone (R001).

import { accessible } from "./application.ts";
import { expect, test } from "./office.ts";
import { DESKTOP, PHONE, pictures } from "./screen.ts";

const SERVICES = ["办理单位证书", "办理个人证书", "证书更新", "证书解锁", "证书补办", "信息变更", "订单查询"];

test("all services of the manual, on both screens (R001, R006, R118)", async ({ browser, office }) => {
  const visitor = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const page = await visitor.newPage();
  await page.goto("/");
  for (const service of SERVICES) {
    await expect(page.getByText(service).first(), service).toBeVisible();
  }
  await expect(page.getByText("010-58515511").first()).toBeVisible();
  await pictures(page, "home");
  await accessible(page);
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await accessible(page);
  await visitor.close();
});

test("nothing runs that the office did not send: the security policy holds on every page", async ({ browser, office }) => {
  const visitor = await browser.newContext({ baseURL: office.counter });
  const page = await visitor.newPage();
  const violations: string[] = [];
  page.on("console", (line) => {
    if (/Content Security Policy|Refused to/.test(line.text())) violations.push(line.text());
  });
  for (const path of ["/", "/apply/organisation", "/query", "/orders", "/staff", "/nowhere"]) {
    const answer = await page.goto(path);
    const policy = answer!.headers()["content-security-policy"] ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).not.toContain("unsafe-inline");
    await page.waitForLoadState("networkidle");
  }
  await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='document.title=\"owned\"'>"));
  await expect.poll(() => violations.length).toBeGreaterThan(0);
  expect(await page.title()).not.toBe("owned");
  expect(violations.every((line) => /onerror|inline event handler|'x'|\/x/.test(line)), violations.join("\n")).toBe(true);
  await visitor.close();
});
