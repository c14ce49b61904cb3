// A person without a mouse: Tab, Enter, Space and arrow keys alone, and at every stop it is seen where they are.

import { expect, type Locator, type Page } from "@playwright/test";

/** More stops than any page has. */
const MOST_STOPS = 120;

export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Tab until it is there. */
  async to(target: Locator) {
    await expect(target).toBeVisible();
    await expect(target).toBeEnabled();
    for (let stop = 0; stop < MOST_STOPS; stop += 1) {
      await this.page.keyboard.press("Tab");
      await this.seen();
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`Tab never comes to ${target}`);
  }

  async enter(target: Locator) {
    await this.to(target);
    await this.page.keyboard.press("Enter");
  }

  /** As an input method gives the text. */
  async write(target: Locator, text: string) {
    await this.to(target);
    await this.page.keyboard.insertText(text);
    await expect(target).toHaveValue(text);
  }

  async tick(target: Locator) {
    await this.to(target);
    await this.page.keyboard.press("Space");
    await expect(target).toBeChecked();
  }

  /** By arrows from the option that stands. */
  async choose(target: Locator, option: string) {
    await expect(target.locator("option", { hasText: option })).toBeAttached();
    await this.to(target);
    const count = await target.locator("option").count();
    for (let step = 0; step < count && (await target.inputValue()) !== option; step += 1) await this.page.keyboard.press("ArrowDown");
    await expect(target).toHaveValue(option);
  }

  /** A group of radio buttons is one stop: the first takes the focus, arrows go on from there. */
  async pick(first: Locator, wanted: Locator) {
    await this.to(first);
    for (let step = 0; step < 5 && !(await wanted.isChecked()); step += 1) {
      const here = await wanted.evaluate((element) => element === document.activeElement);
      await this.page.keyboard.press(here ? "Space" : "ArrowDown");
    }
    await expect(wanted).toBeChecked();
  }

  async giveFile(input: Locator, file: { name: string; mimeType: string; buffer: Buffer }) {
    await this.to(input);
    const [chooser] = await Promise.all([this.page.waitForEvent("filechooser"), this.page.keyboard.press("Enter")]);
    await chooser.setFiles(file);
  }

  /** Where the focus is, an outline is, on the screen: on the control itself or on the card that it fills. */
  private async seen() {
    const lost = await this.page.evaluate(() => {
      const active = document.activeElement;
      // Between the page's end and its beginning stands the browser's own frame.
      if (!active || active === document.body) return null;
      const marked = (element: Element | null, up: number): Element | null => {
        if (!element || up === 0) return null;
        const style = getComputedStyle(element);
        if (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2) return element;
        return marked(element.parentElement, up - 1);
      };
      const outlined = marked(active, 4);
      if (!outlined) return `no outline: ${active.outerHTML.slice(0, 200)}`;
      const box = outlined.getBoundingClientRect();
      const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      return inside ? null : `off the screen: ${active.outerHTML.slice(0, 200)}`;
    });
    expect(lost).toBeNull();
  }
}
