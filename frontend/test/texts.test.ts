import { beforeAll, expect, test } from "vitest";
import { en, type TextKey } from "../src/texts/en.ts";
import { fill, loadTexts, textLanguage, textsIn } from "../src/texts/index.ts";

const SOURCES = import.meta.glob<string>(["../src/**/*.ts", "!../src/texts/??.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const LANGUAGES = ["de", "es", "fr", "nl"];

function placeholders(text: string): string[] {
  return (text.match(/\{\w+\}/g) ?? []).sort();
}

beforeAll(async () => {
  await Promise.all(LANGUAGES.map(loadTexts));
});

test.each(LANGUAGES)("%s has every text, with the same placeholders", (language) => {
  const texts = textsIn(language);
  for (const [key, text] of Object.entries(en)) {
    expect(texts[key as TextKey], key).toBeTruthy();
    expect(placeholders(texts[key as TextKey]), key).toEqual(placeholders(text));
  }
  expect(texts).not.toBe(en);
});

test("a region is read as its language, and an unknown language as English", () => {
  expect([textLanguage("de-CH"), textLanguage("en-GB"), textLanguage("pt-BR")]).toEqual(["de", "en", "en"]);
  expect(textsIn("pt-BR")).toBe(en);
});

test("what is filled in is text, whatever characters it holds", () => {
  expect(fill("{name}: {value}", { name: "$& <b>{value}</b>", value: 1 })).toBe("$& <b>{value}</b>: 1");
  expect(fill("{missing}")).toBe("{missing}");
});

test("every text is used", () => {
  const source = Object.values(SOURCES).join("");
  const isUsed = (key: string): boolean =>
    source.includes(`"${key}"`) || source.includes(`en.${key}`) || /^(editor|when)_/.test(key);
  expect(source).toContain("AmpsElement");
  expect(Object.keys(en).filter((key) => !isUsed(key))).toEqual([]);
});
