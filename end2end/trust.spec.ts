// 信任中心 and 证书查验, with the program and without it, on both screens; and a certificate's life by the registrar's hand
// (C11, C21, C22).

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessible } from "./application.ts";
import { issued } from "./issued.ts";
import { expect, type Office, test } from "./office.ts";
import { nextCode } from "./one_time_code.ts";
import { DESKTOP, PHONE, pictures } from "./screen.ts";
import { atDesk, member, type Staff } from "./staff.ts";
import type { Browser, Page } from "@playwright/test";

const UNSEEN = async () => undefined;

async function rootPem(office: Office): Promise<string> {
  return (await fetch(`${office.counter}/authority/root.pem`)).text();
}

/** Somebody else's certificate, by OpenSSL. */
function foreign(office: Office, name: string): string {
  const file = join(office.folder, `${name}.pem`);
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-out", file, "-subj", `/C=CN/O=别家认证有限公司/CN=${name}`, "-utf8"], { stdio: "ignore" });
  return file;
}

async function narrow(page: Page) {
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await accessible(page);
  await page.setViewportSize(DESKTOP);
}

test("the trust centre: chains, fingerprints, lists, statement, on both screens (C21)", async ({ browser, office }) => {
  const visitor = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter, permissions: ["clipboard-read", "clipboard-write"] });
  const page = await visitor.newPage();
  await page.goto("/");
  await page.getByRole("contentinfo").getByRole("link", { name: "信任中心" }).click();
  await expect(page.getByRole("heading", { name: "信任中心" })).toBeVisible();
  const root = page.getByRole("article").filter({ has: page.getByRole("heading", { name: /Root CA$/ }) }).first();
  await expect(root.getByText("根证书", { exact: true })).toBeVisible();
  // The lists are there a moment after the office has opened.
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/第 \d+ 号/).first()).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.waitForLoadState("networkidle");
  await root.getByRole("button", { name: "复制 SHA-256 指纹" }).click();
  await expect(root.getByText("已复制")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const der = Buffer.from(await (await fetch(`${office.counter}/authority/root.crt`)).arrayBuffer());
  const file = join(office.folder, "root.crt");
  writeFileSync(file, der);
  const said = execFileSync("openssl", ["x509", "-inform", "DER", "-in", file, "-noout", "-fingerprint", "-sha256"], { encoding: "utf8" });
  expect(said.replaceAll(":", "").toLowerCase()).toContain(copied);
  await pictures(page, "trust");
  await accessible(page);
  await narrow(page);

  await page.getByRole("link", { name: "在线阅读" }).click();
  await expect(page.getByRole("heading", { name: "电子认证业务规则" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "第九章 法律责任和其他业务条款" })).toBeVisible();
  await pictures(page, "trust-cps");
  await accessible(page);
  await narrow(page);
  await visitor.close();
});

test("the checker: pasted, chosen and dropped; ours, foreign, broken (C21)", async ({ browser, office }) => {
  const visitor = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const page = await visitor.newPage();
  await page.goto("/trust/check");
  await page.waitForLoadState("networkidle");
  await accessible(page);
  await pictures(page, "check-empty");
  const result = page.locator("#result");

  await page.getByLabel("证书内容").fill(await rootPem(office));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(result.getByRole("heading", { name: "本机构自己的证书，在有效期内" })).toBeVisible();
  await expect(result).toBeFocused();
  await pictures(page, "check-ours");
  await accessible(page);
  await narrow(page);

  await page.getByLabel("或选择证书文件").setInputFiles(foreign(office, "www.other.example"));
  await expect(result.getByRole("heading", { name: "不是本机构签发的证书" })).toBeVisible();
  await expect(result.getByText("自签名", { exact: true })).toBeVisible();
  await pictures(page, "check-foreign");

  await page.evaluate(async (path) => {
    const bytes = await (await fetch(path)).arrayBuffer();
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], "chain.p7b"));
    document.querySelector(".check-drop")!.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
  }, "/authority/issuing.p7b");
  await expect(result.getByText("共读到 2 张证书")).toBeVisible();

  await page.getByLabel("证书内容").fill("-----BEGIN CERTIFICATE-----\nMIIB");
  await page.getByRole("button", { name: "查验" }).click();
  await expect(result.getByText("缺少结尾的")).toBeVisible();
  await pictures(page, "check-broken");
  await accessible(page);
  await visitor.close();
});

test("without JavaScript: the same pages, and the checker by its plain form (C21)", async ({ browser, office }) => {
  const phone = await browser.newContext({ viewport: PHONE, baseURL: office.counter, javaScriptEnabled: false });
  const page = await phone.newPage();
  await page.goto("/trust");
  await expect(page.getByRole("heading", { name: /Root CA$/ }).first()).toBeVisible();
  await expect(page.getByText("SM3 指纹").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /复制/ })).toHaveCount(0);
  await page.getByRole("link", { name: /去查验/ }).click();
  await page.getByLabel("证书内容").fill(await rootPem(office));
  await page.getByRole("button", { name: "查验" }).click();
  await expect(page.getByRole("heading", { name: "本机构自己的证书，在有效期内" })).toBeVisible();
  await page.getByLabel("或选择证书文件").setInputFiles(foreign(office, "mail.other.example"));
  await page.getByRole("button", { name: "查验" }).click();
  await expect(page.getByRole("heading", { name: "不是本机构签发的证书" })).toBeVisible();
  await page.getByLabel("证书内容").fill("这不是证书");
  await page.getByRole("button", { name: "查验" }).click();
  await expect(page.getByText("read_not_text")).toBeVisible();
  await phone.close();
});

/** What a stranger is told of the certificate. */
async function told(browser: Browser, office: Office, pem: string, verdict: string) {
  const stranger = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter, javaScriptEnabled: false });
  const page = await stranger.newPage();
  await page.goto("/trust/check");
  await page.getByLabel("证书内容").fill(pem);
  await page.getByRole("button", { name: "查验" }).click();
  await expect(page.getByRole("heading", { name: verdict, exact: true })).toBeVisible();
  await stranger.close();
}

async function act(desk: Staff, verb: string, why: string, more: () => Promise<void> = UNSEEN) {
  const { page } = desk;
  await page.getByRole("article").getByRole("button", { name: verb, exact: true }).click();
  await page.getByRole("button", { name: why, exact: true }).click();
  await more();
  await desk.press(`确认${verb}`);
  await expect(page.getByRole("dialog")).toBeHidden();
}

test("the registrar suspends, resumes and revokes, and everybody is told (C11, C22)", async ({ browser, office, producer }) => {
  const { number, pem, holder } = await issued(office, browser, producer, "云栖");
  await told(browser, office, pem, "有效");
  await atDesk(browser, office, "registrar", async (desk) => {
    const { page } = desk;
    await page.goto("/staff/certificates");
    await page.getByLabel("查找证书").fill(number);
    await page.keyboard.press("Enter");
    await expect(page.getByText(holder.name).first()).toBeVisible();
    await pictures(page, "registrar-found");
    await accessible(page);
    await act(desk, "挂失", "持有者报失证书Key");
    await expect(page.getByText("已挂失（冻结）").first()).toBeVisible();
    await told(browser, office, pem, "已挂失（冻结）");
    await act(desk, "解除挂失", "证书Key已找到，由本人持有");
    await told(browser, office, pem, "有效");
    await act(desk, "吊销", "私钥或密码泄露", async () => {
      await page.getByLabel("吊销事由").selectOption({ label: "密钥泄露" });
      await pictures(page, "registrar-revoke");
      await accessible(page);
      await page.getByLabel("动态验证码").fill(await nextCode(member(office, "registrar").secret));
    });
    await expect(page.getByText("已吊销").first()).toBeVisible();
    await pictures(page, "registrar-revoked");
    const list = await page.request.get("/files/certificates.csv");
    expect(await list.text()).toContain(`${number}`);
  });
  await told(browser, office, pem, "已吊销");
});
