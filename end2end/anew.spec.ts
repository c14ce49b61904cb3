// A renewal whose window has closed (A20): the page offers the way that is left, with the form filled in; papers, payment
// and a review, and the new certificate goes onto the same key.

import { randomBytes } from "node:crypto";
import { issuedAgo } from "./issued.ts";
import { Judge } from "./judge.ts";
import { expect, test } from "./office.ts";
import { seated } from "./change.ts";
import { EVIDENCE } from "./person.ts";
import { atDesk } from "./staff.ts";

// Ended 400 days ago.
const AGO = 365 + 400;
test.use({ age: AGO + 1 });

test("what is too late to be renewed is applied for anew, onto the same key (A20)", async ({ office, browser }) => {
  test.slow();
  const held = await issuedAgo(office, browser, "重光", AGO);
  const judge = new Judge();
  const letter = randomBytes(32);
  held.key.insert();
  const before = await held.key.pair();
  const { sealed, point } = judge.encrypt(judge.keep("before", before.encrypt), letter);
  const { change, leave } = await seated(office, held, "anew");
  const { person, page, outside } = change;
  await page.goto("/renew");
  await expect(page.getByText(/证书过期已超过 365 天/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("heading", { name: "沿用这把证书Key重新办理" })).toBeVisible();
  await change.seen("offered");
  await change.press("开始办理");
  await expect(page).toHaveURL(/\/orders\/\w+$/);
  const number = page.url().split("/").at(-1)!;
  await expect(person.at("填写信息")).toBeVisible();
  await expect(person.field("证书使用单位名称")).toHaveValue(held.holder.name);
  await expect(page.getByText("持有人的证件号码不能变更。")).toBeVisible();
  await page.getByLabel(/我已阅读并同意/).check();
  await change.seen("form");
  await person.press("下一步");
  await expect(person.at("确认订单")).toBeVisible();
  await page.getByLabel("没有").check();
  await change.seen("confirm");
  await person.press("确认订单");
  await expect(person.at("上传鉴证资料")).toBeVisible();
  for (const kind of EVIDENCE) await person.upload(kind);
  await person.press("确认申请");
  await expect(person.at("短信验证")).toBeVisible();
  await person.enterPhoneCode(held.phone);
  await change.seen("phone-check");
  await person.press("确定");
  const phone = await browser.newContext();
  const code = await person.scanQr("支付宝");
  const yuan = (await page.locator("[data-amount]").getAttribute("data-amount"))!;
  await outside.payOnPhone(phone, code, yuan);
  await phone.close();
  await expect(person.at("等待审核")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("密码获取方式")).toHaveCount(0);
  await change.seen("waiting");
  await page.reload();
  await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, async () => undefined, EVIDENCE.length));
  await expect(page.getByText("请输入证书密码，继续写入新证书。")).toBeVisible({ timeout: 60_000 });
  await change.seen("pin");
  await change.press("继续");
  await expect(page.getByRole("heading", { name: "更新完成" })).toBeVisible({ timeout: 60_000 });
  await change.seen("done");
  await leave();
  const after = await held.key.pair();
  const [was, is] = [judge.keep("was", before.sign), judge.keep("is", after.sign)];
  const year = 365 * 86_400_000;
  expect(judge.end(is).getTime(), "A15").toBeGreaterThan(Date.now() + year - 86_400_000);
  expect(judge.end(was).getTime()).toBeLessThan(Date.now() - year);
  expect(await held.key.opens(held.pin, point, sealed, letter), "B02").toBe(true);
  held.key.remove();
});
