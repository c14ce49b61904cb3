// 证书更新 (R051–R067): from the key in the port to a new year on it, through helper and extension, and again over WebHID
// and WebUSB; broken off on the way, and what was encrypted before still opens (B02, B05).

import { randomBytes } from "node:crypto";
import type { BrowserContext, Page, Route } from "@playwright/test";
import { accessible } from "./application.ts";
import { type Held, issuedAgo, issuedToPersonAgo } from "./issued.ts";
import { Judge } from "./judge.ts";
import { expect, type Office, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { PinPrompt } from "./pin_prompt.ts";
import { pictures } from "./screen.ts";
import { UsbPort } from "./usb_port.ts";

// In the window since ten days.
const AGO = 285;
test.use({ age: AGO + 1 });

/** How the PIN gets to the key. */
type Pin = (page: Page, button: string, pin: string) => Promise<void>;

const typed: Pin = async (page, button, pin) => {
  await page.getByLabel("证书密码", { exact: true }).fill(pin);
  await page.getByRole("button", { name: button, exact: true }).click();
};

class Renewal {
  readonly outside: Outside;
  readonly person: Person;
  number = "";

  constructor(readonly page: Page, readonly office: Office, readonly held: Held<{ readonly name: string }>, readonly pin: Pin, readonly seen: (name: string) => Promise<void>) {
    this.outside = new Outside(office);
    this.person = new Person(page, this.outside);
    // Leaving while something is written asks first.
    page.on("dialog", (dialog) => dialog.accept());
  }

  /** R055, R058, R061, R062: what the page says at once, a wrong PIN, the right one. */
  async signsIn() {
    const { page, held } = this;
    await page.goto("/renew");
    await expect(page.getByText("没有检测到证书Key")).toBeVisible();
    await this.seen("absent");
    held.key.insert();
    await expect(page.getByRole("heading", { name: held.holder.name })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("这张证书可以更新。")).toBeVisible();
    await expect(page.getByText(/^(79|80) 天$/)).toBeVisible();
    await this.seen("may");
    await accessible(page);
    await this.pin(page, "确认", held.pin === "000000" ? "111111" : "000000");
    await expect(page.getByText(/证书密码错误，还可再试\d次/).first()).toBeVisible();
    await this.seen("wrong-pin");
    await this.pin(page, "确认", held.pin);
    await expect(page).toHaveURL(/\/orders\/\w+$/);
    this.number = page.url().split("/").at(-1)!;
  }

  /** R063: the data, read once more after a reload. */
  async checksDetails() {
    const { page, held } = this;
    await expect(this.person.at("填写信息")).toBeVisible();
    await expect(page.getByText("更新后的有效期")).toBeVisible();
    await page.reload();
    await expect(page.getByText(held.holder.name).first()).toBeVisible();
    await this.seen("details");
    await accessible(page);
    await page.getByLabel(/我已阅读并同意/).check();
    await this.person.press("下一步");
    await expect(this.person.at("短信验证")).toBeVisible();
    await this.person.enterPhoneCode(held.phone);
    await this.seen("phone-check");
    await this.person.press("确定");
  }

  /** R064, J39: what becomes of unopened bids, then the payment. */
  async confirmsAndPays(phone: BrowserContext, channel: "支付宝" | "微信支付") {
    const { page } = this;
    await expect(this.person.at("确认订单")).toBeVisible();
    await expect(page.getByText("请先回答上面的问题。")).toBeVisible();
    await page.getByLabel("不清楚").check();
    await expect(page.getByText("更新后仍可解密，请留意以下两点")).toBeVisible();
    await this.seen("confirm");
    await accessible(page);
    await this.person.press("确认订单");
    const code = await this.person.scanQr(channel);
    const yuan = (await page.locator("[data-amount]").getAttribute("data-amount"))!;
    await this.seen("payment");
    await this.outside.payOnPhone(phone, code, yuan);
    await expect(this.person.at(/签发证书|下载证书/)).toBeVisible({ timeout: 30_000 });
  }

  /** R060, R065, B05: written, with a reload while the certificates are made and the key pulled before the switch. */
  async writes() {
    const { page, held } = this;
    await expect(page.getByText("请输入证书密码，继续写入新证书。")).toBeVisible({ timeout: 30_000 });
    await this.seen("pin-again");
    await accessible(page);
    const made = this.once("loading/issue", async (route) => void (await route.fetch()));
    await this.pin(page, "继续", held.pin);
    await made;
    await page.reload();
    await expect(page.getByText("请输入证书密码，继续写入新证书。")).toBeVisible({ timeout: 30_000 });
    const proven = this.once("loading/written", async (route) => {
      const response = await route.fetch();
      await this.seen("writing");
      held.key.remove();
      await route.fulfill({ response });
    });
    await this.pin(page, "继续", held.pin);
    await proven;
    await expect(page.getByText("请插入本订单的证书Key")).toBeVisible({ timeout: 30_000 });
    await this.seen("pulled");
    held.key.insert();
    await expect(page.getByText("请输入证书密码，继续写入新证书。")).toBeVisible({ timeout: 30_000 });
    await this.pin(page, "继续", held.pin);
    await expect(page.getByRole("heading", { name: "更新完成" })).toBeVisible({ timeout: 60_000 });
  }

  /** J35: sign, decrypt, chain, status, and what was encrypted before, in one click. */
  async tests() {
    const { page } = this;
    await expect(page.getByRole("heading", { name: "新证书有效期" })).toBeVisible();
    await this.seen("done");
    await accessible(page);
    await page.getByRole("button", { name: "开始测试" }).click();
    const good = page.getByText("证书Key一切正常");
    const asks = page.getByRole("button", { name: "继续测试", exact: true });
    await expect(good.or(asks)).toBeVisible({ timeout: 30_000 });
    if (await asks.isVisible()) await this.pin(page, "继续测试", this.held.pin);
    await expect(good).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("1张旧证书中，1张加密的内容可以解密")).toBeVisible();
    await this.seen("tested");
    await accessible(page);
  }

  /** The next request there is met in this way. */
  private once(path: string, meet: (route: Route) => Promise<void>): Promise<void> {
    return new Promise((met, failed) => {
      void this.page.route(`**/api/${path}`, (route) => meet(route).then(met, failed), { times: 1 });
    });
  }
}

/** The whole of it, and what is then on the key. */
async function renews(renewal: Renewal, phone: BrowserContext, channel: "支付宝" | "微信支付", close: () => Promise<void>) {
  const { held } = renewal;
  const judge = new Judge();
  held.key.insert();
  const before = await held.key.pair();
  held.key.remove();
  const bid = randomBytes(32);
  const { sealed, point } = judge.encrypt(judge.keep("before", before.encrypt), bid);
  await test.step("the key and its PIN (R055, R058, R061, R062)", () => renewal.signsIn());
  await test.step("data and code (R063)", () => renewal.checksDetails());
  await test.step("confirm and pay (R064, J39)", () => renewal.confirmsAndPays(phone, channel));
  await test.step("onto the key (R060, R065, B05)", () => renewal.writes());
  await test.step("tested by its holder (J35)", () => renewal.tests());
  await close();
  const after = await held.key.pair();
  expect(after.sign.equals(before.sign)).toBe(false);
  const end = judge.end(judge.keep("old", before.sign));
  end.setUTCFullYear(end.getUTCFullYear() + 1);
  expect(judge.end(judge.keep("new", after.sign)), "R056").toEqual(end);
  expect(await held.key.opens(held.pin, point, sealed, bid), "B02").toBe(true);
  held.key.remove();
}

for (const [whose, called, channel] of [["an organisation", "远航", "支付宝"], ["a person", "司马清和", "微信支付"]] as const) {
  test(`${whose}'s certificate is renewed through the helper (R051–R067, J35, B02, B05)`, async ({ office, browser, producer }) => {
    test.slow();
    const organisation = whose === "an organisation";
    const held = await (organisation ? issuedAgo : issuedToPersonAgo)(office, browser, called, AGO);
    const prompt = await PinPrompt.open(office);
    const inTheWindow: Pin = async (page, button, pin) => {
      prompt.types(pin);
      await page.getByRole("button", { name: button, exact: true }).click();
    };
    const page = await producer.newPage();
    const seen = (name: string) => pictures(page, organisation ? `renew-${name}` : `renew-person-${name}`);
    const phone = await browser.newContext();
    await renews(new Renewal(page, office, held, inTheWindow, seen), phone, channel, async () => {
      await page.close();
      await prompt.close();
    });
    await phone.close();
  });
}

for (const [over, word] of [["hid", "启明"], ["usb", "长庚"]] as const) {
  test(`a certificate is renewed over ${over} (R051–R067, B02, B03, B05)`, async ({ office, browser }) => {
    test.slow();
    const held = await issuedAgo(office, browser, word, AGO);
    const port = await UsbPort.open(office);
    const own = await port.browser([{ serial: held.key.serial, over: [over] }]);
    const page = await own.newPage();
    const seen = async (name: string) => (over === "hid" ? pictures(page, `renew-hid-${name}`) : undefined);
    const phone = await browser.newContext();
    try {
      await renews(new Renewal(page, office, held, typed, seen), phone, "微信支付", () => own.close());
    } finally {
      await own.close();
      await port.close();
      await phone.close();
    }
  });
}
