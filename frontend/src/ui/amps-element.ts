/** What all elements of Amps share: they render only when something of their own has changed. */

import { LitElement } from "lit";
import type { AmpsDevice } from "../data/device-index.ts";
import type { Hass } from "../ha/types.ts";
import { loadTexts, translator, type Translate } from "../texts/index.ts";
import { loadWords } from "../texts/words.ts";

export abstract class AmpsElement extends LitElement {
  #hass: Hass | undefined;
  #language = "";

  get hass(): Hass | undefined {
    return this.#hass;
  }

  /** Home Assistant sets this at each change of any state: comparing a few objects is all that it costs. */
  set hass(hass: Hass | undefined) {
    const before = this.#hass;
    this.#hass = hass;
    if (!hass) return;
    if (hass.locale.language !== this.#language) this.#load(hass);
    if (!before || this.isAffected(before, hass)) {
      this.hassChanged?.(before, hass);
      this.requestUpdate();
    }
  }

  protected get text(): Translate {
    return translator(this.#language);
  }

  /** The devices that are shown. */
  protected abstract shownDevices(hass: Hass): readonly AmpsDevice[];

  /** Called before an update that a new `hass` causes. */
  protected hassChanged?(before: Hass | undefined, hass: Hass): void;

  protected isAffected(before: Hass, hass: Hass): boolean {
    if (
      before.localize !== hass.localize ||
      before.locale !== hass.locale ||
      before.connected !== hass.connected ||
      before.config !== hass.config ||
      before.devices !== hass.devices
    )
      return true;
    if (before.entities !== hass.entities) return true;
    if (before.states === hass.states) return false;
    return this.shownDevices(hass).some((device) =>
      Object.values(device.entities).some((entityId) => before.states[entityId] !== hass.states[entityId]),
    );
  }

  #load(hass: Hass): void {
    this.#language = hass.locale.language;
    loadWords(hass);
    void loadTexts(this.#language).then((isNew) => {
      if (isNew) this.requestUpdate();
    });
  }
}
