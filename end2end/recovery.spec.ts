// 司法密钥恢复: a court's document opens a case, two other custodians approve it, and who filed it takes the envelope that
// only the court's key opens (GM/T 0034, 12.5).

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { accessible } from "./application.ts";
import { issued } from "./issued.ts";
import { expect, type Office, test } from "./office.ts";
import { nextCode } from "./one_time_code.ts";
import { DESKTOP, PHONE, pictures } from "./screen.ts";
import { atDesk, member } from "./staff.ts";

const [FILER, SECOND, THIRD] = [0, 1, 2];
const DOCUMENT = "（2026）京01调证7号";

/** The court's public key, PEM. */
function court(office: Office): string {
  const key = join(office.folder, "court.key");
  execFileSync("openssl", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", key], { stdio: "ignore" });
  return execFileSync("openssl", ["pkey", "-in", key, "-pubout"], { encoding: "utf8" });
}

async function seen(page: Page, name: string) {
  await pictures(page, `recovery-${name}`);
  await accessible(page);
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await accessible(page);
  await page.setViewportSize(DESKTOP);
}

async function fill(page: Page, target: string, receiver: string) {
  await page.getByLabel("来文机关").fill("北京市示范区人民法院");
  await page.getByLabel("文书号").fill(DOCUMENT);
  await page.getByLabel("文书日期").fill("2026-01-02");
  await page.getByLabel("材料存放").fill("卷宗第3页");
  await page.getByLabel("恢复对象").fill(target);
  await page.getByLabel("接收方的SM2证书或公钥").fill(receiver);
  await page.getByLabel("理由").fill("开启案涉投标文件");
}

async function open(page: Page, number: string) {
  await page.goto("/staff/recovery");
  await page.getByRole("row").filter({ hasText: number }).getByRole("link").click();
  await expect(page.getByRole("heading", { name: "办理记录" })).toBeVisible();
}

test("a case from the document to the envelope, and one that is refused (C12)", async ({ browser, office, producer }) => {
  // Five sign-ins and two approvals, each with a number of its own from the authenticator.
  test.slow();
  const { holder } = await issued(office, browser, producer, "朝晖");
  const receiver = court(office);
  let number = "";

  await atDesk(browser, office, "custodian", async ({ page }) => {
    await page.goto("/staff/recovery");
    await expect(page.getByText("没有案件。收到司法机关的文书后，请发起恢复。")).toBeVisible();
    await seen(page, "empty");
    await page.getByRole("link", { name: "发起恢复" }).click();
    await page.getByRole("button", { name: "发起恢复" }).click();
    await expect(page.locator("[aria-invalid=true]").first()).toBeFocused();
    await seen(page, "new-wrong");
    // Whose key nobody has is said at the field, and what was typed stays.
    await fill(page, "91110108MA00000000", receiver);
    await page.getByRole("button", { name: "发起恢复" }).click();
    await expect(page.getByLabel("恢复对象")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("材料存放")).toHaveValue("卷宗第3页");
    await page.getByLabel("恢复对象").fill(holder.creditCode);
    await seen(page, "new-filled");
    await page.getByRole("button", { name: "发起恢复" }).click();
    await expect(page.getByText("还需其他密钥管理员批准")).toBeVisible();
    number = /\/staff\/recovery\/(\w+)$/.exec(page.url())![1]!;
    await expect(page.getByText(holder.name)).toBeVisible();
    // Nobody approves what they filed, and nothing is given out yet.
    await expect(page.getByRole("button", { name: "批准", exact: true })).toHaveCount(0);
    await expect(page.getByRole("link", { name: "取得密钥信封" })).toHaveCount(0);
    expect((await page.request.get(`/files/recovery/${number}`)).status()).toBe(409);
    await seen(page, "waiting");
  }, FILER);

  for (const [place, progress] of [[SECOND, "1 / 2"], [THIRD, "2 / 2"]] as const) {
    await atDesk(browser, office, "custodian", async ({ page }) => {
      await open(page, number);
      await page.getByRole("button", { name: "批准", exact: true }).click();
      const dialog = page.getByRole("dialog");
      await expect(dialog.getByText("请对照原件核对")).toBeVisible();
      if (place === SECOND) {
        await dialog.getByLabel("动态验证码").fill("000000");
        await page.keyboard.press("Enter");
        await expect(dialog.getByText("动态验证码不正确或已使用过")).toBeVisible();
        await seen(page, "approve");
      }
      await dialog.getByLabel("动态验证码").fill(await nextCode(member(office, "custodian", place).secret));
      await page.getByRole("button", { name: "确认批准" }).click();
      await expect(dialog).toBeHidden();
      await expect(page.getByText(progress, { exact: true })).toBeVisible();
      // Only who filed it takes it.
      await expect(page.getByRole("link", { name: "取得密钥信封" })).toHaveCount(0);
      expect((await page.request.get(`/files/recovery/${number}`)).status()).toBe(409);
    }, place);
  }

  await atDesk(browser, office, "custodian", async ({ page }) => {
    await open(page, number);
    await seen(page, "approved");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "取得密钥信封" }).click(),
    ]);
    const package_ = readFileSync((await download.path())!, "utf8");
    for (const part of ["BEGIN CERTIFICATE", "BEGIN SM2 ENVELOPED KEY"]) expect(package_).toContain(part);
    expect(package_).not.toContain("PRIVATE KEY");
    await expect(page.getByText("生成密钥信封并取得")).toBeVisible();
    await expect(page.getByText("密钥信封已由发起人取得。")).toBeVisible();
    await seen(page, "released");

    // A second case, which a colleague refuses.
    await page.goto("/staff/recovery/new");
    await fill(page, holder.creditCode, receiver);
    await page.getByRole("button", { name: "发起恢复" }).click();
    await expect(page.getByText("还需其他密钥管理员批准")).toBeVisible();
    number = /\/staff\/recovery\/(\w+)$/.exec(page.url())![1]!;
  }, FILER);

  await atDesk(browser, office, "custodian", async ({ page }) => {
    await open(page, number);
    await page.getByRole("button", { name: "不批准" }).click();
    await page.getByRole("button", { name: "接收方公钥无法核实" }).click();
    await seen(page, "refuse");
    await page.getByRole("button", { name: "确认", exact: true }).click();
    await expect(page.getByText("本案已结束，没有生成密钥信封。")).toBeVisible();
    await page.goto("/staff/recovery");
    await expect(page.getByRole("row")).toHaveCount(3);
    await seen(page, "list");
  }, SECOND);

  // Who is no custodian does not even learn that there are cases.
  await atDesk(browser, office, "reviewer", async ({ page }) => {
    await page.goto(`/staff/recovery/${number}`);
    await expect(page.getByText("办理记录")).toHaveCount(0);
    expect((await page.request.get(`/files/recovery/${number}`)).status()).toBe(403);
  });
});
