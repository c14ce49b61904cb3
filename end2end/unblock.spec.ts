// 3 证书解锁 with a key that ten wrong PINs have locked: first by identity, then by the reserved phone (R068–R082).
// Over WebHID the page itself holds the key, and its own wasm opens what the office releases; with the helper the PIN is
// typed at the helper's window.

import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import { accessible, confirm, evidence, form, passcodeOf, pay, phoneCheck } from "./application.ts";
import { type Organisation, organisation } from "./holder.ts";
import { KeyInPort } from "./key_in_port.ts";
import { type Office, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { PinPrompt } from "./pin_prompt.ts";
import { DESKTOP, pictures } from "./screen.ts";
import { atDesk } from "./staff.ts";
import { UsbPort } from "./usb_port.ts";

test("an organisation's locked key: first by identity, then by phone with the helper (R068–R082, B06, K16)", async ({ office, browser, producer }) => {
  test.setTimeout(600_000);
  const outside = new Outside(office);
  // The world knows this person: another's phone is not his.
  const holder = { ...organisation("开锁"), legalPerson: "王建国", legalPersonId: "110101198001010117", legalPersonPhone: "13800138000" };
  const key = await made(office, outside, holder, browser, producer);
  const port = await UsbPort.open(office);
  const hid = await port.browser([{ serial: key.serial, over: ["hid"] }]);
  try {
    const page = await hid.newPage();

    await test.step("a stranger's phone proves nothing (R072, A29)", async () => {
      await lock(key);
      await begin(page, key, holder);
      await expect(page.getByText("第一次解锁需要验证身份")).toBeVisible();
      await seen(page, "unblock-identity");
      await page.getByRole("radio", { name: "法人手机实名认证" }).check();
      await press(page, "下一步");
      await expect(page.getByText("请填写 11 位手机号").first()).toBeVisible();
      await page.getByLabel("法人手机号").fill("13912345678");
      await press(page, "下一步");
      await expect(page.getByText("身份核验未通过")).toBeVisible({ timeout: 30_000 });
      await seen(page, "unblock-identity-failed");
      expect(await outside.messages("13912345678", "code")).toHaveLength(0);
      await press(page, "返回修改");
    });

    await test.step("the legal person's own does (R073, R080)", async () => {
      await page.getByRole("radio", { name: "法人手机实名认证" }).check();
      await page.getByLabel("法人手机号").fill(holder.legalPersonPhone);
      await press(page, "下一步");
      const code = await outside.nextMessage(holder.legalPersonPhone, "code");
      expect(code.text).toContain("证书解锁授权");
      await expect(page.getByLabel("解锁授权码")).toBeVisible({ timeout: 30_000 });
      await page.getByLabel("解锁授权码").fill(code.params[0]! === "000000" ? "111111" : "000000");
      await press(page, "下一步");
      await expect(page.getByText(/不正确/)).toBeVisible();
      await seen(page, "unblock-code");
      await page.getByLabel("解锁授权码").fill(code.params[0]!);
      await press(page, "下一步");
    });

    await test.step("a new PIN, not a weak one; the office's release is good once (R078, R079, K16, B07)", async () => {
      await expect(page.locator("#step-heading", { hasText: "重置证书密码" })).toBeVisible();
      await choosePin(page, "123456", "123456");
      await expect(page.locator(".field-error", { hasText: /密码/ }).first()).toBeVisible();
      await choosePin(page, "Kai-suo-1", "Kai-suo-2");
      await expect(page.getByText("两次输入的密码不一致")).toBeVisible();
      await seen(page, "unblock-pin");
      const asked = page.waitForRequest("**/api/unblock/release");
      await choosePin(page, "Kai-suo-1", "Kai-suo-1");
      await done(page);
      await seen(page, "unblock-done");
      expect(await key.login("Kai-suo-1", CHALLENGE)).toMatchObject({ answer: "logged_in" });
      const release = await asked;
      expect(release.postData()).not.toContain("Kai-suo-1");
      const again = await page.request.post(release.url(), {
        headers: { origin: office.counter, "content-type": "application/json" },
        data: release.postData()!,
      });
      expect(again.ok()).toBe(false);
      expect(await again.text()).not.toContain("sealed");
    });

    await test.step("agent and legal person hear of it (A31)", async () => {
      for (const phone of [holder.agentPhone, holder.legalPersonPhone]) {
        expect((await outside.nextMessage(phone, "unblocked")).text).toContain(key.serial.slice(-4));
      }
    });

    await test.step("few tries: the page stops, and goes on for who is sure (B06)", async () => {
      await page.goto("/key/pin");
      await expect(page.getByText("证书密码还可输错10次")).toBeVisible({ timeout: 20_000 });
      await seen(page, "pin-gauge-full");
      await wrong(key, 7);
      await expect(page.getByText("证书密码只剩3次机会")).toBeVisible({ timeout: 20_000 });
      await expect(page.getByLabel("原证书密码")).toHaveCount(0);
      await seen(page, "pin-gauge-few");
      await press(page, "我确定原密码，继续修改");
      await page.getByLabel("原证书密码").fill("not-this-1");
      await newPin(page, "Gai-mi-ma-3", "Gai-mi-ma-3");
      await press(page, "修改证书密码");
      await expect(page.getByText("证书密码只剩2次机会")).toBeVisible({ timeout: 20_000 });
      await seen(page, "pin-wrong");
      await page.getByLabel("原证书密码").fill("Kai-suo-1");
      await newPin(page, "Gai-mi-ma-3", "Gai-mi-ma-3");
      await press(page, "修改证书密码");
      await expect(page.getByText("密码已修改")).toBeVisible({ timeout: 20_000 });
      await seen(page, "pin-changed");
      expect(await key.login("Gai-mi-ma-3", CHALLENGE)).toMatchObject({ answer: "logged_in" });
      await lock(key);
      await expect(page.getByText("证书密码已锁定")).toBeVisible({ timeout: 20_000 });
      await seen(page, "pin-gauge-locked");
      await page.goto("/key");
      await expect(page.getByText(/已锁定/).first()).toBeVisible({ timeout: 20_000 });
      await seen(page, "key-doctor-locked");
    });
  } finally {
    await hid.close();
    await port.close();
  }

  await test.step("the second time the reserved phone is enough, and the helper asks for the PIN (R071, R074, R077, R078)", async () => {
    const page = await producer.newPage();
    await begin(page, key, holder);
    await expect(page.locator("#step-heading", { hasText: "核对信息" })).toBeVisible();
    await expect(page.getByRole("button", { name: "其他验证方式" })).toBeVisible();
    await expect(page.getByText(holder.agentPhone)).toHaveCount(0);
    await seen(page, "unblock-check");
    await press(page, "下一步");
    const known = (await outside.messages(holder.agentPhone, "code")).length;
    await press(page, "发送验证码");
    const code = await outside.nextMessage(holder.agentPhone, "code", known);
    expect(code.text).toContain("证书解锁");
    await page.getByLabel("短信验证码").fill(code.params[0]!);
    await seen(page, "unblock-phone");
    await press(page, "确定");
    await expect(page.locator("#step-heading", { hasText: "重置证书密码" })).toBeVisible();
    await expect(page.getByText("请在“证书Key助手”自己的窗口中输入两次新的证书密码")).toBeVisible({ timeout: 20_000 });
    await seen(page, "unblock-pin-helper");
    const prompt = await PinPrompt.open(office);
    try {
      prompt.types("Di-er-ci-2", "Di-er-ci-2");
      await press(page, "重置证书密码");
      await done(page);
      expect(prompt.asked.map(({ asks }) => asks)).toEqual(["new", "again"]);
      expect(prompt.asked[0]).toMatchObject({ origin: office.counter, serial: key.serial });
    } finally {
      await prompt.close();
    }
    expect(await key.login("Di-er-ci-2", CHALLENGE)).toMatchObject({ answer: "logged_in" });
    await page.close();
    key.remove();
  });
});

const CHALLENGE = "00".repeat(16);

/** Looked at on both screens, and by the machine. */
async function seen(page: Page, name: string) {
  await pictures(page, name);
  await accessible(page);
}

/** From the form to the key in the holder's hand. */
async function made(office: Office, outside: Outside, holder: Organisation, browser: Browser, producer: BrowserContext) {
  const agent = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const person = new Person(await agent.newPage(), outside);
  const unseen = async () => {};
  const number = await form(person, holder, "法人手机实名认证", unseen);
  await confirm(person, holder, unseen);
  await evidence(person, unseen);
  await phoneCheck(person, outside, holder, unseen);
  await pay(agent, person, outside, number, "支付宝", unseen);
  await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, unseen));
  const key = KeyInPort.fresh(office);
  await atDesk(producer, office, "producer", (desk) => desk.produce(number, key.serial, unseen));
  await passcodeOf(outside, "法人手机实名认证", holder);
  await agent.close();
  return key;
}

/** So many wrong PINs. */
async function wrong(key: KeyInPort, times: number) {
  for (let tries = 0; tries < times; tries++) await key.login("forgotten-1", CHALLENGE);
}

/** Ten wrong PINs, and the key says no more. */
async function lock(key: KeyInPort) {
  await wrong(key, 10);
  const locked = await key.login("forgotten-1", CHALLENGE);
  expect(locked["error"]).toMatchObject({ kind: "pin_locked" });
}

/** 提交, and 下一步 after 识别到证书信息 (R075, R076). */
async function begin(page: Page, key: KeyInPort, holder: Organisation) {
  // What was made just now counts a moment later: until then the key is a stranger's.
  await expect(async () => {
    await page.goto("/unblock");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("证书解锁");
    await expect(page.getByText(holder.name).first()).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 40_000 });
  await expect(page.getByText(key.serial).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "提交" })).toBeEnabled({ timeout: 20_000 });
  await seen(page, "unblock-start");
  await press(page, "提交");
  await expect(page.locator("#step-heading", { hasText: "识别证书" })).toBeVisible();
  await expect(page.getByRole("button", { name: "下一步" })).toBeEnabled({ timeout: 20_000 });
  await press(page, "下一步");
}

async function newPin(page: Page, first: string, second: string) {
  await page.getByLabel("新的证书密码").fill(first);
  await page.getByLabel("再输入一次").fill(second);
}

async function choosePin(page: Page, first: string, second: string) {
  await newPin(page, first, second);
  await press(page, "重置证书密码");
}

async function done(page: Page) {
  await expect(page.locator("#step-heading", { hasText: "解锁成功" })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("支付费用")).toHaveCount(0);
}

async function press(page: Page, name: string) {
  await page.getByRole("button", { name, exact: true }).click();
}
