// 证书Key检测 over WebHID and WebUSB: real Chromium, its own device code, a soft key at the other end (B03, R058–R060).

import { accessible } from "./application.ts";
import { expect, test } from "./office.ts";
import { KeyInPort } from "./key_in_port.ts";
import { pictures } from "./screen.ts";
import { UsbPort } from "./usb_port.ts";

for (const over of ["hid", "usb"] as const) {
  test(`a key is found over ${over}, goes, comes back, and is one of two (R058, R059, R060)`, async ({ office }) => {
    const key = KeyInPort.fresh(office);
    const port = await UsbPort.open(office);
    const second = KeyInPort.later(office);
    const browser = await port.browser([key, second].map(({ serial }) => ({ serial, over: [over] })));
    try {
      const page = await browser.newPage();
      await page.goto("/key");
      const state = page.getByRole("list").filter({ hasText: "证书密码" }).or(page.locator(".findings"));
      await expect(page.getByText(`检测到一个证书Key，序列号尾号 ${key.serial.slice(-4)}`)).toBeVisible();
      await expect(state.getByText("本网站已获准使用证书Key")).toBeVisible();
      await expect(page.getByText("这是空白Key，还没有证书")).toBeVisible();
      if (over === "hid") {
        await pictures(page, "key-found");
        await accessible(page);
      }

      key.remove();
      await again(page);
      await expect(page.getByText("没有检测到证书Key")).toBeVisible();
      if (over === "hid") {
        await pictures(page, "key-gone");
        await accessible(page);
      }

      key.insert();
      await again(page, "检测到一个证书Key");
      second.insert();
      await again(page, "检测到2个证书Key");
      await expect(page.getByText("请只插入一个证书Key")).toBeVisible();
    } finally {
      await browser.close();
      key.remove();
      second.remove();
      await port.close();
    }
  });
}

test("one key on two interfaces is one key (R059)", async ({ office }) => {
  const key = KeyInPort.fresh(office);
  const port = await UsbPort.open(office);
  const browser = await port.browser([{ serial: key.serial, over: ["hid", "usb"] }]);
  try {
    const page = await browser.newPage();
    await page.goto("/key");
    await expect(page.getByText(`检测到一个证书Key，序列号尾号 ${key.serial.slice(-4)}`)).toBeVisible();
  } finally {
    await browser.close();
    key.remove();
    await port.close();
  }
});

test("one key that page and helper both see is one key, and another is a second (R059)", async ({ office }) => {
  const key = KeyInPort.fresh(office);
  const second = KeyInPort.later(office);
  const port = await UsbPort.open(office);
  const browser = await port.browser([{ serial: key.serial, over: ["hid", "usb"] }], { helper: true });
  try {
    const page = await browser.newPage();
    await page.goto("/key");
    await again(page, `检测到一个证书Key，序列号尾号 ${key.serial.slice(-4)}`);
    await expect(page.getByText("本网站已获准使用证书Key")).toBeVisible();
    await expect(page.getByText(/已连接，助手版本/)).toBeVisible();
    // The page was never given the second one: only the helper sees it, and it counts.
    second.insert();
    await again(page, "检测到2个证书Key");
    second.remove();
    await again(page, "检测到一个证书Key");
  } finally {
    await browser.close();
    key.remove();
    second.remove();
    await port.close();
  }
});

test("without a key, an extension or a grant the page says what to do (R163)", async ({ browser, office }) => {
  const visitor = await browser.newContext({ baseURL: office.counter });
  const page = await visitor.newPage();
  await page.goto("/key");
  await expect(page.getByText("没有检测到证书Key")).toBeVisible();
  await expect(page.getByText("浏览器没有安装证书Key扩展")).toBeVisible();
  await expect(page.getByRole("button", { name: "连接证书Key" })).toBeVisible();
  await accessible(page);
  await visitor.close();
});

/** 重新检测 until the page says so: a key needs a moment to appear. */
async function again(page: import("@playwright/test").Page, says?: string) {
  await expect(async () => {
    await page.getByRole("button", { name: "重新检测" }).click();
    await expect(page.getByRole("button", { name: "重新检测" })).toBeEnabled();
    await expect(page.getByText(says ?? "没有检测到证书Key").first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
}
