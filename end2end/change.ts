// Somebody who changes what a certificate says, with its key in the port (R111–R116).

import type { BrowserContext, Page } from "@playwright/test";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { accessible } from "./application.ts";
import type { Held } from "./issued.ts";
import { expect, type Office, producersBrowser } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { PinPrompt } from "./pin_prompt.ts";
import { pictures } from "./screen.ts";

export type Named = { readonly name: string };

export class Change<Holder extends Named> {
  readonly person: Person;

  constructor(
    readonly page: Page,
    readonly outside: Outside,
    readonly held: Held<Holder>,
    readonly prompt: PinPrompt,
    private readonly series: string,
  ) {
    this.person = new Person(page, outside);
  }

  /** R112: the name on the key, the PIN, 登录. */
  async signsIn(called: string): Promise<string> {
    const { page } = this;
    await page.goto("/modify");
    await expect(page.getByText("证书名称：")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(called).first()).toBeVisible();
    if (called === this.held.holder.name) await this.seen("sign-in");
    await this.press("登录");
    await expect(page).toHaveURL(/\/orders\/\w+$/);
    await expect(this.person.at("填写信息")).toBeVisible();
    return page.url().split("/").at(-1)!;
  }

  /** At the helper's window. */
  async press(button: string) {
    this.prompt.types(this.held.pin);
    await this.page.getByRole("button", { name: button, exact: true }).click();
  }

  async seen(name: string) {
    await pictures(this.page, `${this.series}-${name}`);
    await accessible(this.page);
  }
}

/** A holder with the key in the port and a browser that reaches it. */
export async function seated<Holder extends Named>(office: Office, held: Held<Holder>, series: string): Promise<{ change: Change<Holder>; leave: () => Promise<void> }> {
  const browser: BrowserContext = await producersBrowser(office, mkdtempSync(join(office.folder, "chromium-")));
  const prompt = await PinPrompt.open(office);
  held.key.insert();
  const change = new Change(await browser.newPage(), new Outside(office), held, prompt, series);
  return {
    change,
    leave: async () => {
      await browser.close();
      await prompt.close();
    },
  };
}
