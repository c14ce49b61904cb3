// A register knows another name than the certificate says: the renewal stops before it is paid (A19), and the change that it
// leads to needs no papers, because the same register confirms it (A45).

import { type Change, type Named, seated } from "./change.ts";
import type { Organisation } from "./holder.ts";
import { issuedAgo } from "./issued.ts";
import { Judge } from "./judge.ts";
import { expect, test } from "./office.ts";

// Old enough for a certificate in its renewal window.
const AGO = 285;
test.use({ age: AGO + 1 });

test("a register stops a renewal before it is paid, and confirms the change without papers (A19, A45)", async ({ office, browser }) => {
  test.slow();
  // The sandbox's register has another name for it by now.
  const held = await issuedAgo(office, browser, "旧称", AGO);
  const { change, leave } = await seated(office, held, "registry");
  const { person, page } = change;
  const before = (await held.key.pair()).sign;
  await test.step("refused at 确认订单 (A19)", () => refusedAtConfirm(change));
  await test.step("the change (A45, R111)", async () => {
    await page.getByRole("link", { name: "办理信息变更" }).click();
    await expect(page).toHaveURL(/\/modify$/);
    await change.signsIn(held.holder.name);
    await person.field("证书使用单位名称").fill("北京新称科技有限公司");
    await page.getByLabel(/我已阅读并同意/).check();
    await person.press("修改");
    await expect(person.at("短信验证")).toBeVisible();
    await person.enterPhoneCode(held.phone);
    await person.press("确定");
    await written(change);
  });
  await expect(page.getByText("变更项目")).toBeVisible();
  await expect(page.getByText("证书使用单位名称", { exact: true }).first()).toBeVisible();
  await expect(page.getByText("已写入新证书，原证书同时作废")).toBeVisible();
  await change.seen("changed");
  await leave();
  const judge = new Judge();
  const [was, is] = [judge.keep("was", before), judge.keep("is", (await held.key.pair()).sign)];
  expect(judge.end(is), "A47").toEqual(judge.end(was));
  expect(judge.facts(is)).toContain("北京新称科技有限公司");
  held.key.remove();
});

/** A renewal up to the refusal. */
async function refusedAtConfirm(change: Change<Organisation>) {
  const { person, page, held } = change;
  await page.goto("/renew");
  await expect(page.getByText("这张证书可以更新。")).toBeVisible({ timeout: 30_000 });
  await change.press("确认");
  await expect(person.at("填写信息")).toBeVisible();
  await page.getByLabel(/我已阅读并同意/).check();
  await person.press("下一步");
  await person.enterPhoneCode(held.phone);
  await person.press("确定");
  await expect(person.at("确认订单")).toBeVisible();
  await page.getByLabel("没有", { exact: true }).check();
  await person.press("确认订单");
  await expect(page.getByText("工商登记信息显示，单位名称与证书上的不一致")).toBeVisible();
  await expect(person.at("确认订单")).toBeVisible();
  await change.seen("refused");
}

/** Onto the key: by itself while the key is open since the sign-in, otherwise after the PIN. */
async function written<Holder extends Named>(change: Change<Holder>) {
  const { page } = change;
  const done = page.getByRole("heading", { name: "变更完成" });
  const asks = page.getByText("请输入证书密码，继续写入新证书。");
  await expect(done.or(asks)).toBeVisible({ timeout: 60_000 });
  if (await asks.isVisible()) await change.press("继续");
  await expect(done).toBeVisible({ timeout: 60_000 });
}
