/** The cards' own words in the language of the user; English until another one is loaded. */

import { en, type TextKey, type Texts } from "./en.ts";

type Module = Promise<{ readonly default: Texts }>;

/** Each is a module of its own beside this one, and loaded for who speaks it. */
const MODULES: Readonly<Partial<Record<string, () => Module>>> = {
  de: () => import("./de.ts"),
  es: () => import("./es.ts"),
  fr: () => import("./fr.ts"),
  nl: () => import("./nl.ts"),
};

const loaded = new Map<string, Texts>();

/** Return the language that there are texts in: `de-CH` is read as `de`. */
export function textLanguage(language: string): string {
  const base = language.split("-", 1)[0] ?? "";
  return base in MODULES ? base : "en";
}

export function textsIn(language: string): Texts {
  return loaded.get(textLanguage(language)) ?? en;
}

/** Load the texts of a language; resolves to whether they are new. */
export async function loadTexts(language: string): Promise<boolean> {
  const key = textLanguage(language);
  const load = MODULES[key];
  if (!load || loaded.has(key)) return false;
  try {
    loaded.set(key, (await load()).default);
    return true;
  } catch {
    return false; // English is better than nothing
  }
}

export type Values = Readonly<Record<string, string | number>>;

/** Return a text with its placeholders filled in. */
export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}

export type Translate = (key: TextKey, values?: Values) => string;

export function translator(language: string): Translate {
  const texts = textsIn(language);
  return (key, values) => fill(texts[key], values);
}

export { type TextKey, type Texts } from "./en.ts";
