// 证书挂失: the key is gone, the phone is there (B01).

import { accessible } from "./application.ts";
import { issued, stands } from "./issued.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { DESKTOP, PHONE, pictureFile, pictures } from "./screen.ts";

test("without the key: number, code, both certificates on hold; found, proven, good again (B01, R126)", async ({ office, browser, producer }) => {
  test.slow();
  const { holder, pem } = await issued(office, browser, producer, "秋水");
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

  const other = await (await browser.newContext({ viewport: DESKTOP, baseURL: office.counter })).newPage();
  await test.step("found: identity is proven, and both count again (R072, B01)", async () => {
    await stands(other, pem, "已挂失（冻结）");
    await page.getByRole("button", { name: "已找到Key，恢复使用" }).click();
    await expect(page.locator("#step-heading", { hasText: "选择验证方式" })).toBeVisible();
    await page.getByRole("radio", { name: "法人手机实名认证" }).check();
    await page.getByLabel("法人手机号").fill(holder.legalPersonPhone);
    await pictures(page, "found-identity");
    await accessible(page);
    const before = (await outside.messages(holder.legalPersonPhone, "code")).length;
    await page.getByRole("button", { name: "下一步" }).click();
    const code = await outside.nextMessage(holder.legalPersonPhone, "code", before);
    await page.getByLabel("身份授权码").fill(code.params[0]!);
    await pictures(page, "found-code");
    await accessible(page);
    await page.getByRole("button", { name: "下一步" }).click();
    await expect(page.locator("#step-heading", { hasText: "已恢复使用" })).toBeVisible();
    await pictures(page, "found-done");
    await accessible(page);
    await stands(other, pem, "有效");
    await page.goto("/lost");
    await expect(page.getByText("有效", { exact: true })).toBeVisible();
  });
  await page.getByRole("button", { name: "结束查询" }).click();
  await expect(page.getByRole("button", { name: "发送验证码" })).toBeVisible();
  await other.context().close();
  await phone.close();
});
