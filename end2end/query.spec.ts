// 订单查询 on a phone, with the program and without it (R117–R124, R126, R004).

import { randomInt } from "node:crypto";
import { type Organisation, organisation } from "./holder.ts";
import { expect, type Office, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP, PHONE, pictureFile } from "./screen.ts";
import type { Browser } from "@playwright/test";

/** An order that waits for its evidence, entered on some other device. */
async function waitingOrder(office: Office, browser: Browser): Promise<{ holder: Organisation; number: string }> {
  const desk = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const person = new Person(await desk.newPage(), new Outside(office));
  const holder = organisation(`云帆${randomInt(1000)}`);
  const number = await person.startOrganisation();
  await person.fillHolder(holder);
  await person.chooseMethod("法人手机实名认证", holder);
  await person.press("下一步");
  await person.press("确认订单");
  await expect(person.at("上传鉴证资料")).toBeVisible();
  await desk.close();
  return { holder, number };
}

test("on a phone: code, list, 继续 at the right step (R119–R121)", async ({ office, browser }) => {
  const { holder, number } = await waitingOrder(office, browser);
  const outside = new Outside(office);
  const phone = await browser.newContext({ viewport: PHONE, baseURL: office.counter, isMobile: true, hasTouch: true });
  const page = await phone.newPage();
  await page.goto("/query");
  await page.waitForLoadState("networkidle");
  await page.getByRole("radio", { name: "单位数字证书" }).check();
  await page.getByLabel("统一社会信用代码").fill(holder.creditCode);
  await page.getByRole("button", { name: "发送验证码" }).click();
  await expect(page.getByText(/如该证件号码有办理记录/)).toBeVisible();
  const sms = await outside.nextMessage(holder.agentPhone, "code");
  // Pressed before the program was awake, the plain form answered, and a person types the number again.
  await page.getByLabel("统一社会信用代码").fill(holder.creditCode);
  await page.getByLabel("短信验证码").fill(sms.params[0]!);
  await page.screenshot({ path: pictureFile("query-390"), fullPage: true });
  await page.getByRole("button", { name: "确认", exact: true }).click();

  await expect(page.getByRole("heading", { name: "历史订单记录" })).toBeVisible();
  const line = page.getByRole("listitem").filter({ hasText: number });
  await expect(line).toContainText("待上传资料");
  await page.screenshot({ path: pictureFile("orders-390"), fullPage: true });
  await line.getByRole("link", { name: "继续" }).click();
  await expect(page.locator("#step-heading")).toHaveText("上传鉴证资料");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await phone.close();
});

test("without JavaScript: the same by plain forms, readable to the end (R117, R122, R124)", async ({ office, browser }) => {
  const { holder, number } = await waitingOrder(office, browser);
  const outside = new Outside(office);
  const phone = await browser.newContext({ viewport: PHONE, baseURL: office.counter, javaScriptEnabled: false });
  const page = await phone.newPage();
  await page.goto("/query");
  await page.getByLabel("统一社会信用代码").fill(holder.creditCode);
  await page.getByRole("button", { name: "发送验证码" }).click();
  await expect(page.getByText(/验证码已发送/)).toBeVisible();
  const sms = await outside.nextMessage(holder.agentPhone, "code");
  await page.getByLabel("统一社会信用代码").fill(holder.creditCode);
  await page.getByLabel("短信验证码").fill(sms.params[0]!);
  await page.getByRole("button", { name: "确认", exact: true }).click();
  await expect(page.getByRole("heading", { name: "历史订单记录" })).toBeVisible();
  await page.getByRole("listitem").filter({ hasText: number }).getByRole("link", { name: "继续" }).click();
  await expect(page.getByText(number).first()).toBeVisible();
  await expect(page.getByText("上传鉴证资料").first()).toBeVisible();
  await page.screenshot({ path: pictureFile("order-without-javascript-390"), fullPage: true });
  await phone.close();
});

test("a number that nobody applied with gets the same answer (R126)", async ({ office, browser }) => {
  const { holder } = await waitingOrder(office, browser);
  const numbers = [holder.creditCode, organisation("无名").creditCode];
  const answers = [];
  for (const number of numbers) {
    const stranger = await browser.newContext({ baseURL: office.counter, extraHTTPHeaders: { origin: office.counter } });
    const answer = await stranger.request.post("/api/query/send", { data: { party: "organisation", id_number: number } });
    answers.push({ status: answer.status(), body: await answer.text() });
    await stranger.close();
  }
  expect(answers[0]).toMatchObject({ status: 200 });
  expect(answers[1]).toEqual(answers[0]);
  // The plain form says no more than the program does, right after the first question (too soon, for both).
  const places = [];
  for (const number of numbers) {
    const stranger = await browser.newContext({ baseURL: office.counter, extraHTTPHeaders: { origin: office.counter } });
    const form = { party: "organisation", id_number: number };
    const answer = await stranger.request.post("/query/send", { form, maxRedirects: 0 });
    places.push({ status: answer.status(), place: answer.headers()["location"]?.replace(/n=\d+/, "n=…") });
    await stranger.close();
  }
  expect(places[1]).toEqual(places[0]);
});

test("somebody else's order is not there (R035, R126)", async ({ office, browser }) => {
  const { number } = await waitingOrder(office, browser);
  const stranger = await browser.newContext({ viewport: PHONE, baseURL: office.counter });
  const page = await stranger.newPage();
  await page.goto(`/orders/${number}`);
  await expect(page.getByText(/没有找到|订单查询/).first()).toBeVisible();
  await expect(page.getByText("上传鉴证资料")).toHaveCount(0);
  await stranger.close();
});
