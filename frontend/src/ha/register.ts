/** Registration with Home Assistant's pickers: of cards, tile features and strategies. */

import { translator, type TextKey } from "../texts/index.ts";
import type { Hass } from "./types.ts";

export interface Suggestion {
  readonly config: Readonly<Record<string, unknown>>;
  readonly label?: string;
}

export interface CardRegistration {
  /** Without `custom:`. */
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly preview: boolean;
  readonly documentationURL: string;
  /** Called once for each entity that a person picks; the suggestion is saved at once, and so has to be complete. */
  readonly getEntitySuggestion?: (hass: Hass, entityId: string) => Suggestion | null;
}

export interface FeatureRegistration {
  readonly type: string;
  readonly name: string;
  readonly configurable: boolean;
  readonly isSupported: (hass: Hass, context: { readonly entity_id?: string }) => boolean;
}

export interface StrategyRegistration {
  readonly type: string;
  readonly strategyType: "dashboard" | "view" | "section";
  readonly name: string;
  readonly description: string;
  readonly documentationURL: string;
}

declare global {
  interface Window {
    customCards?: CardRegistration[];
    customCardFeatures?: FeatureRegistration[];
    customStrategies?: StrategyRegistration[];
  }
}

export const DOCUMENTATION = "https://github.com/amps-ai/home-assistant";

/** Define an element, unless an older module of the same page did: a second definition of a name is an error. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}

/** A registration whose name and description are keys of texts. */
type Named<Registration extends { readonly name: string }> = Omit<Registration, "name" | "description"> &
  Readonly<Record<keyof Registration & ("name" | "description"), TextKey>>;

/** Return a registration that is named in the language of the page, whenever a picker reads it. */
function localized<Registration extends { readonly name: string }>(given: Named<Registration>): Registration {
  const text = (key: TextKey) => ({ enumerable: true, get: () => translator(document.documentElement.lang)(key) });
  const names = Object.entries(given).filter(([key]) => key === "name" || key === "description");
  return Object.defineProperties(
    { ...given },
    Object.fromEntries(names.map(([key, textKey]) => [key, text(textKey)])),
  ) as unknown as Registration;
}

export function registerCard(registration: Named<CardRegistration>): void {
  register((window.customCards ??= []), localized<CardRegistration>(registration));
}

export function registerFeature(registration: Named<FeatureRegistration>): void {
  register((window.customCardFeatures ??= []), localized<FeatureRegistration>(registration));
}

export function registerStrategy(registration: Named<StrategyRegistration>): void {
  const list = (window.customStrategies ??= []);
  if (!list.some((each) => each.type === registration.type && each.strategyType === registration.strategyType))
    list.push(localized<StrategyRegistration>(registration));
}

function register<Registration extends { readonly type: string }>(
  list: Registration[],
  registration: Registration,
): void {
  if (!list.some((each) => each.type === registration.type)) list.push(registration);
}
