/** The form of a command: what it is to reach, when, and what comes after. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { AmpsDevice } from "../data/device-index.ts";
import { everyMinute } from "../data/minutes.ts";
import { callAction, type Failure, type Outcome } from "../ha/actions.ts";
import { confirm } from "../ha/dialog.ts";
import { fireEvent } from "../ha/events.ts";
import { formatDays, formatMoment, formatNumber, formatQuantity } from "../ha/format.ts";
import { define } from "../ha/register.ts";
import { daysFromToday, proposedTime, timeForAction } from "../ha/time-of-day.ts";
import type { Hass } from "../ha/types.ts";
import type { TextKey, Translate } from "../texts/index.ts";
import { commandName, thenName } from "../texts/words.ts";
import { icon } from "../ui/icons.ts";
import { shared } from "../ui/styles.ts";
import { actionCall, clamp, type ChoosableCommand, type Choice, type Field, type When } from "./commands.ts";
import { styles } from "./command-form.styles.ts";
import type { Planned } from "./view-model.ts";

/** What a dry run says. */
interface DryRun {
  readonly devices: Readonly<
    Record<
      string,
      | {
          readonly objections: readonly { readonly message: string }[];
          readonly expected: {
            readonly level: number | null;
            readonly reached_at: string | null;
            readonly energy: number | null;
          } | null;
        }
      | undefined
    >
  >;
}

/** The refusals after which replacing what is in the way can be offered. */
const REPLACEABLE: readonly string[] = ["action_in_the_way", "other_in_the_way"];
/** The commands that take energy out of the home's storage. */
const CONFIRMED: Readonly<Partial<Record<string, readonly [TextKey, TextKey]>>> = {
  discharge: ["confirm_discharge", "confirm_discharge_text"],
  auto_export: ["confirm_export", "confirm_export_text"],
};
/** Milliseconds after the last key, before what to expect is asked for. */
const DRY_RUN_DELAY = 400;

class AmpsCommandForm extends LitElement {
  static override styles = [shared, styles];
  static override properties = {
    hass: { attribute: false, hasChanged: () => false },
    device: { attribute: false, hasChanged: () => false },
    command: {
      attribute: false,
      hasChanged: (value: ChoosableCommand, old?: ChoosableCommand) => value.command !== old?.command,
    },
    canReplace: { attribute: false },
    planned: { attribute: false, hasChanged: () => false },
    text: { attribute: false },
    name: {},
    _values: { state: true },
    _when: { state: true },
    _start: { state: true },
    _end: { state: true },
    _then: { state: true },
    _expected: { state: true },
    _failure: { state: true },
    _busy: { state: true },
  };

  declare hass: Hass;
  declare device: AmpsDevice;
  declare command: ChoosableCommand;
  declare canReplace: boolean;
  /** What is planned for the device. */
  declare planned: readonly Planned[];
  declare text: Translate;
  declare name: string;
  declare private _values: Readonly<Record<string, number | null>>;
  declare private _when: When;
  declare private _start: string;
  declare private _end: string;
  declare private _then: string;
  declare private _expected: string;
  declare private _failure: Failure | null;
  declare private _busy: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopMinutes: (() => void) | undefined;
  /** How often what to expect was asked for. */
  #asked = 0;

  constructor() {
    super();
    this._failure = null;
    this._busy = false;
    this._expected = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopMinutes = everyMinute(() => {
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopMinutes?.();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("command")) {
      const { fields, whens, thens } = this.command;
      const now = new Date();
      this._values = Object.fromEntries(fields.map(({ key, value }) => [key, value]));
      this._when = whens[0] ?? "now";
      this._start = proposedTime(this.hass, now, 0);
      this._end = proposedTime(this.hass, now, 2);
      this._then = thens[0] ?? "hold";
      this._failure = null;
    }
    if (["command", "_values", "_when", "_start", "_end", "_then"].some((key) => changed.has(key))) this.#expect();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("input, button")?.focus();
  }

  protected override render(): unknown {
    const { fields, whens, thens } = this.command;
    const t = this.text;
    const days = daysFromToday(this.hass, new Date(), this._start, this._end);
    return html`
      <form
        aria-label=${commandName(this.hass, this.command.command, this.device.type)}
        @submit=${this.#submit}
        @keydown=${this.#keydown}
      >
        ${fields.map((field) => this.#renderField(field))}
        <fieldset class="wide">
          <legend>${t("when")}</legend>
          <div class="options">${whens.map((when) => this.#renderWhen(when))}</div>
        </fieldset>
        ${
          this._when === "now"
            ? nothing
            : this.#renderTime("start", this._start, days.start, (value) => {
                this._start = value;
              })
        }
        ${
          this._when === "window"
            ? this.#renderTime("end", this._end, days.end, (value) => {
                this._end = value;
              })
            : nothing
        }
        ${
          this._when === "window" && thens.length
            ? html`<div class="wide">
                <label for="then">${t("afterwards")}</label>
                <select
                  id="then"
                  class="field"
                  @change=${(event: Event) => {
                    this._then = (event.target as HTMLSelectElement).value;
                  }}
                >
                  ${thens.map((then) => html`<option value=${then} ?selected=${then === this._then}>${thenName(this.hass, then)}</option>`)}
                </select>
              </div>`
            : nothing
        }
        ${this._failure ? html`<p class="error wide" role="alert">${this._failure.text}</p>` : nothing}
        <div class="end wide">
          <p class="expected quiet small" aria-live="polite">${this._expected}</p>
          <button type="button" class="button plain" @click=${this.#close}>${t("close")}</button>
          <button class="button main" aria-disabled=${this._busy ? "true" : "false"}>
            ${icon(this._busy ? "waiting" : "sent")}${t(this._busy ? "sending" : "send")}
          </button>
        </div>
      </form>
    `;
  }

  #renderField(field: Field): TemplateResult {
    const { key, min, max, unit, isOptional } = field;
    const value = this._values[key] ?? null;
    const label = this.text(labelOf(field));
    return html`<div>
      <label for=${key}
        >${label}
        <span class="quiet">(${formatNumber(this.hass, min)}–${formatQuantity(this.hass, max, unit)})</span></label
      >
      <div class="number">
        <button
          type="button"
          class="button plain round"
          aria-label=${this.text("lower", { name: label })}
          aria-disabled=${value !== null && value <= min && !isOptional ? "true" : "false"}
          @click=${() => {
            this.#step(field, -1);
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
            placeholder=${isOptional ? this.text("power_device") : " "}
            .value=${value === null ? "" : String(Math.round(value * 100) / 100)}
            @change=${(event: Event) => {
              this.#type(field, event.target as HTMLInputElement);
            }}
          />
          <span class="quiet">${unit}</span>
        </div>
        <button
          type="button"
          class="button plain round"
          aria-label=${this.text("higher", { name: label })}
          aria-disabled=${value !== null && value >= max ? "true" : "false"}
          @click=${() => {
            this.#step(field, 1);
          }}
        >
          ${icon("plus")}
        </button>
      </div>
    </div>`;
  }

  #renderWhen(when: When): TemplateResult {
    return html`<label
      ><input
        type="radio"
        name="when"
        value=${when}
        .checked=${when === this._when}
        @change=${() => {
          this._when = when;
        }}
      />${this.text(`when_${when}`)}</label
    >`;
  }

  /** A time that is not today's has its day beside it. */
  #renderTime(key: "start" | "end", value: string, days: number, set: (value: string) => void): TemplateResult {
    return html`<div>
      <label for=${key}
        >${this.text(key)}
        <span class="day" aria-live="polite">${days ? `(${formatDays(this.hass, days)})` : ""}</span></label
      >
      <input
        id=${key}
        class="field"
        type="time"
        required
        .value=${value}
        @change=${(event: Event) => {
          set((event.target as HTMLInputElement).value);
        }}
      />
    </div>`;
  }

  /** A step beyond the lower bound of a number that may be left out leaves it out. */
  #step({ key, min, max, bigStep, isOptional }: Field, direction: 1 | -1): void {
    const value = this._values[key] ?? null;
    if (value === null) {
      this.#set(key, direction === 1 ? clamp(bigStep, min, max) : max);
      return;
    }
    const next = Math.round((value + direction * bigStep) / bigStep) * bigStep;
    this.#set(key, isOptional && next <= min ? null : clamp(next, min, max));
  }

  #type({ key, min, max, isOptional }: Field, input: HTMLInputElement): void {
    const number = input.valueAsNumber;
    if (Number.isNaN(number)) {
      if (isOptional) this.#set(key, null);
      return;
    }
    const value = clamp(number, min, max);
    input.value = String(value);
    this.#set(key, value);
  }

  #set(key: string, value: number | null): void {
    this._values = { ...this._values, [key]: value };
  }

  #choice(): Choice {
    const now = new Date();
    const values = Object.fromEntries(
      Object.entries(this._values).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
    );
    const start = this._when === "now" ? null : timeForAction(this.hass, this._start, now);
    const after = start?.includes("T") ? new Date(start) : now;
    return {
      command: this.command.command,
      values,
      when: this._when,
      start,
      end: this._when === "window" ? timeForAction(this.hass, this._end, after) : null,
      then: this._then,
    };
  }

  // What to expect.

  #expect(): void {
    clearTimeout(this.#timer);
    this._expected = "";
    this.#timer = setTimeout(() => void this.#dryRun(++this.#asked), DRY_RUN_DELAY);
  }

  async #dryRun(asked: number): Promise<void> {
    const { action, data } = actionCall(this.#choice());
    const outcome = await this.#call<DryRun>(action, { ...data, dry_run: true });
    if (asked !== this.#asked) return; // something else was chosen meanwhile
    const answer = outcome.ok ? outcome.response?.devices[this.device.id] : undefined;
    this._expected = answer ? (answer.objections[0]?.message ?? this.#expectedText(answer.expected)) : "";
  }

  #expectedText(
    expected: {
      readonly level: number | null;
      readonly reached_at: string | null;
      readonly energy: number | null;
    } | null,
  ): string {
    if (typeof expected?.level !== "number") return "";
    const level = formatQuantity(this.hass, expected.level, "%", { maximumFractionDigits: 0 });
    const parts = [
      expected.reached_at
        ? this.text("expected_level", {
            level,
            time: formatMoment(this.hass, new Date(expected.reached_at), new Date()),
          })
        : this.text("expected_at_end", { level }),
    ];
    if (expected.energy)
      parts.push(this.text("expected_energy", { energy: formatQuantity(this.hass, expected.energy, "kWh") }));
    return parts.join(", ");
  }

  // Sending.

  #submit = (event: Event): void => {
    event.preventDefault();
    void this.#send();
  };

  async #send(): Promise<void> {
    if (this._busy) return;
    this._busy = true;
    this._failure = null;
    try {
      await this.#sendConfirmed(this.#choice());
    } finally {
      this._busy = false;
    }
  }

  /** Send what was chosen, where it takes energy out of the battery only if that is confirmed, be it afterwards. */
  async #sendConfirmed(choice: Choice): Promise<void> {
    for (const command of [choice.command, ...(choice.when === "window" ? [choice.then] : [])]) {
      const question = CONFIRMED[command];
      const name = commandName(this.hass, command, this.device.type);
      if (question && !(await this.#ask(question[0], this.text(question[1]), name))) return;
    }
    const { action, data } = actionCall(choice);
    let outcome = await this.#call(action, data);
    if (!outcome.ok && this.canReplace && REPLACEABLE.includes(outcome.failure.key)) {
      const text = this.text("replace_text", { reason: this.#inTheWay(outcome.failure) });
      if (await this.#ask("replace", text, this.text("replace_confirm")))
        outcome = await this.#call(action, { ...data, on_conflict: "cancel_and_replace" });
    }
    if (outcome.ok) this.#close();
    else this._failure = outcome.failure;
  }

  /** What is in the way, as the card lists it where it does: the integration names actions by their ids. */
  #inTheWay({ key, text }: Failure): string {
    const plans = this.planned.filter(({ id }) => text.includes(id)).map((plan) => `${plan.text}, ${plan.when}`);
    return key === "action_in_the_way" && plans.length
      ? this.text("replace_planned", { plans: plans.join("; ") })
      : text;
  }

  #call<Response = unknown>(action: string, data: Readonly<Record<string, unknown>>): Promise<Outcome<Response>> {
    return callAction<Response>(this.hass, this.text, action, data, { device_id: this.device.id }, true);
  }

  #ask(title: TextKey, text: string, confirmText: string): Promise<boolean> {
    const { text: t, name } = this;
    return confirm(this, {
      title: t(title, { device: name }),
      text,
      confirmText,
      dismissText: t("keep"),
      destructive: true,
    });
  }

  #keydown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#close();
  };

  #close = (): void => {
    fireEvent(this, "amps-close", null);
  };
}

function labelOf({ name, unit }: Field): TextKey {
  if (name === "power") return "power";
  if (name === "heat_setpoint") return "heat_to";
  if (name === "cool_setpoint") return "cool_to";
  return unit === "%" ? "target" : "temperature";
}

define("amps-command-form", AmpsCommandForm);
