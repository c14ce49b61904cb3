// The phone as a second screen (B26): a QR on the desktop's page opens the uploads on the phone; the desktop follows live.

import { accessible } from "./application.ts";
import { randomInt } from "node:crypto";
import { organisation } from "./holder.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP, PHONE, pictureFile, pictures } from "./screen.ts";
import type { Page } from "@playwright/test";

test("photos from the phone appear on the desktop, and the session stays where it was (B26)", async ({ office, browser }) => {
  const desk = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const person = new Person(await desk.newPage(), new Outside(office));
  const holder = organisation(`远航${randomInt(1000)}`);
  await person.startOrganisation();
  await person.fillHolder(holder);
  await person.chooseMethod("法人手机实名认证", holder);
  await person.press("下一步");
  await person.press("确认订单");
  await expect(person.at("上传鉴证资料")).toBeVisible();

  await person.page.getByRole("button", { name: "显示二维码" }).click();
  const code = person.page.getByRole("img", { name: "手机上传二维码" });
  await expect(code).toBeVisible();
  await pictures(person.page, "phone-hand-off");
  await accessible(person.page);
  const address = (await code.getAttribute("data-code"))!;
  expect(address).toMatch(/\/phone#[0-9a-f]{64}$/);

  const pocket = await browser.newContext({ viewport: PHONE, baseURL: office.counter, isMobile: true, hasTouch: true });
  const phone = await pocket.newPage();
  await phone.goto(address);
  await expect(phone.getByRole("heading", { name: "手机拍照上传" })).toBeVisible();
  expect(new URL(phone.url()).hash, "the secret has left the address").toBe("");
  await expect(person.page.getByText("手机已连接")).toBeVisible();
  await phone.screenshot({ path: pictureFile("phone-390"), fullPage: true });
  await accessible(phone);
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);

  const shot = (title: string) => phone.getByRole("region", { name: title });
  const good = { name: "photo.png", mimeType: "image/png", buffer: await drawn(phone, "sharp") };
  for (const [how, said] of [["small", "照片太小"], ["glare", "有反光遮住了内容"], ["blurred", "照片模糊"]] as const) {
    await shot("营业执照扫描件").locator("input[type=file]").setInputFiles({ ...good, buffer: await drawn(phone, how) });
    await expect(phone.getByText(said)).toBeVisible();
    await expect(shot("营业执照扫描件").getByText("已上传")).toHaveCount(0);
  }
  await phone.screenshot({ path: pictureFile("phone-blurred-390"), fullPage: true });
  await shot("营业执照扫描件").locator("input[type=file]").setInputFiles(good);
  await expect(shot("营业执照扫描件").getByText("已上传")).toBeVisible();
  // Nobody touched the desktop.
  await expect(person.page.getByRole("img", { name: "已上传的营业执照扫描件" })).toBeVisible();
  // A reload of the phone goes on; the link itself opens nothing a second time.
  await phone.reload();
  await expect(shot("营业执照扫描件").getByText("已上传")).toBeVisible();
  const thief = await (await browser.newContext({ viewport: PHONE, baseURL: office.counter })).newPage();
  await thief.goto(address);
  await expect(thief.getByRole("heading", { name: "连接已结束" })).toBeVisible();
  await thief.screenshot({ path: pictureFile("phone-over-390"), fullPage: true });

  for (const title of ["法人身份证扫描件", "法人授权书"]) {
    await shot(title).locator("input[type=file]").setInputFiles(good);
    await expect(shot(title).getByText("已上传")).toBeVisible();
  }
  await expect(person.page.getByRole("button", { name: "确认申请", exact: true })).toBeEnabled();
  await pictures(person.page, "phone-arrived");
  await phone.getByRole("button", { name: "完成，回到电脑继续" }).click();
  await expect(phone.getByRole("heading", { name: "已完成" })).toBeVisible();
  await person.press("确认申请");
  await expect(person.at("短信验证")).toBeVisible();
});

/** A page of print as a camera sees it: sharp, out of focus, from too far away, or with a lamp over it. */
async function drawn(page: Page, how: "sharp" | "blurred" | "small" | "glare"): Promise<Buffer> {
  const base64 = await page.evaluate((how) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = how === "small" ? [600, 450] : [1200, 900];
    const pen = canvas.getContext("2d")!;
    if (how === "blurred") pen.filter = "blur(14px)";
    pen.fillStyle = "#c8c4ba";
    pen.fillRect(0, 0, 1200, 900);
    pen.fillStyle = "#222";
    pen.font = "28px sans-serif";
    for (let y = 40; y < 900; y += 40) pen.fillText("营业执照 统一社会信用代码 法定代表人 注册资本 成立日期 0123456789", 20, y);
    if (how === "glare") {
      pen.fillStyle = "#fff";
      pen.fillRect(300, 200, 420, 330);
    }
    return canvas.toDataURL("image/png").split(",")[1]!;
  }, how);
  return Buffer.from(base64, "base64");
}
