// 证书挂失: the key is gone, the phone is there (B01).

import { accessible } from "./application.ts";
import { issued } from "./issued.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { DESKTOP, PHONE, pictureFile, pictures } from "./screen.ts";

test("without the key: number, code, both certificates on hold (B01, R126)", async ({ office, browser, producer }) => {
  test.slow();
  const { holder } = await issued(office, browser, producer, "秋水");
  const outside = new Outside(office);
  const phone = await browser.newContext({ viewport: PHONE, baseURL: office.counter, isMobile: true, hasTouch: true });
  const page = await phone.newPage();
  await page.goto("/");
  await page.getByRole("link", { name: /证书挂失/ }).first().click();
  await expect(page.getByRole("heading", { name: "证书挂失" })).toBeVisible();
  await page.getByLabel("统一社会信用代码").fill(holder.creditCode);
  const known = (await outside.messages(holder.agentPhone, "code")).length;
  await page.getByRole("button", { name: "发送验证码" }).click();
  await expect(page.getByText(/如该证件号码持有证书/)).toBeVisible();
  await page.screenshot({ path: pictureFile("lost-ask-390"), fullPage: true });
  const sms = await outside.nextMessage(holder.agentPhone, "code", known);
  expect(sms.text).toContain("证书挂失补办");
  await page.getByLabel("短信验证码").fill(sms.params[0]!);
  await page.getByRole("button", { name: "确定", exact: true }).click();

  await expect(page.getByRole("checkbox", { name: "挂失这张证书" })).toBeChecked();
  await page.screenshot({ path: pictureFile("lost-list-390"), fullPage: true });
  await accessible(page);
  await page.getByRole("button", { name: "立即挂失" }).click();
  await expect(page.getByText("挂失成功")).toBeVisible();
  await expect(page.getByText("已挂失", { exact: true })).toBeVisible();
  await page.screenshot({ path: pictureFile("lost-done-390"), fullPage: true });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  // A reload keeps it; leaving takes it away.
  await page.reload();
  await expect(page.getByText("挂失成功")).toBeVisible();
  await page.setViewportSize(DESKTOP);
  await pictures(page, "lost-held");
  await page.getByRole("button", { name: "结束查询" }).click();
  await expect(page.getByRole("button", { name: "发送验证码" })).toBeVisible();
  await phone.close();
});
