import { defineConfig } from "@playwright/test";
import walks from "./playwright.config.ts";

// What is measured is no walk: the programs are built for speed, and what they print is the result.
export default defineConfig({ ...walks, testMatch: "*.bench.ts", reporter: [["dot"]] });
