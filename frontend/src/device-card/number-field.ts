/** A number that a command takes, to be typed or changed by the buttons beside it. */

import { html, type TemplateResult } from "lit";
import { formatNumber, formatQuantity } from "../ha/format.ts";
import type { Hass } from "../ha/types.ts";
import type { TextKey, Translate } from "../texts/index.ts";
import { icon } from "../ui/icons.ts";
import { clamp, type Field } from "./commands.ts";

/** `change` is given how a number becomes the next one, since it may have changed after this was drawn. */
export function renderNumberField(
  hass: Hass,
  t: Translate,
  field: Field,
  value: number | null,
  change: (next: (value: number | null) => number | null) => void,
): TemplateResult {
  const { key, min, max, unit, isOptional } = field;
  const label = t(labelOf(field));
  return html`<div>
    <label for=${key}
      >${label} <span class="quiet">(${formatNumber(hass, min)}–${formatQuantity(hass, max, unit)})</span></label
    >
    <div class="number">
      <button
        type="button"
        class="button plain round"
        aria-label=${t("lower", { name: label })}
        aria-disabled=${value !== null && value <= min && !isOptional ? "true" : "false"}
        @click=${() => {
          change((now) => stepped(field, now, -1));
        }}
      >
        ${icon("minus")}
      </button>
      <div class="value">
        <input
          id=${key}
          type="number"
          inputmode="decimal"
          min=${min}
          max=${max}
          step="any"
          ?required=${!isOptional}
          placeholder=${isOptional ? t("power_device") : " "}
          .value=${value === null ? "" : String(Math.round(value * 100) / 100)}
          @change=${(event: Event) => {
            const typed = takeTyped(field, event.target as HTMLInputElement);
            if (typed !== undefined) change(() => typed);
          }}
        />
        <span class="quiet">${unit}</span>
      </div>
      <button
        type="button"
        class="button plain round"
        aria-label=${t("higher", { name: label })}
        aria-disabled=${value !== null && value >= max ? "true" : "false"}
        @click=${() => {
          change((now) => stepped(field, now, 1));
        }}
      >
        ${icon("plus")}
      </button>
    </div>
  </div>`;
}

function labelOf({ name, unit }: Field): TextKey {
  if (name === "power") return "power";
  if (name === "heat_setpoint") return "heat_to";
  if (name === "cool_setpoint") return "cool_to";
  return unit === "%" ? "target" : "temperature";
}

/** A step beyond the lower bound of a number that may be left out leaves it out. */
export function stepped(
  { min, max, bigStep, isOptional }: Field,
  value: number | null,
  direction: 1 | -1,
): number | null {
  if (value === null) return direction === 1 ? clamp(bigStep, min, max) : max;
  const next = Math.round((value + direction * bigStep) / bigStep) * bigStep;
  return isOptional && next <= min ? null : clamp(next, min, max);
}

/** Return what was typed, which becomes the bound beyond which it is; undefined for no number where one is needed. */
function takeTyped({ min, max, isOptional }: Field, input: HTMLInputElement): number | null | undefined {
  const number = input.valueAsNumber;
  if (Number.isNaN(number)) return isOptional ? null : undefined;
  const value = clamp(number, min, max);
  input.value = String(value);
  return value;
}
