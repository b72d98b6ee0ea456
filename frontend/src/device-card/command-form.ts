/** The form of a command: what it is to reach, when, and what comes after. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { AmpsDevice } from "../data/device-index.ts";
import { everyMinute } from "../data/minutes.ts";
import { callAction, type Failure, type Outcome } from "../ha/actions.ts";
import { confirm } from "../ha/dialog.ts";
import { fireEvent } from "../ha/events.ts";
import { formatDays } from "../ha/format.ts";
import { define } from "../ha/register.ts";
import { daysFromToday, proposedTime, timeForAction } from "../ha/time-of-day.ts";
import type { Hass } from "../ha/types.ts";
import type { Translate } from "../texts/index.ts";
import { commandName, thenName } from "../texts/words.ts";
import { icon } from "../ui/icons.ts";
import { shared } from "../ui/styles.ts";
import { actionCall, type ChoosableCommand, type Choice, type When } from "./commands.ts";
import { styles } from "./command-form.styles.ts";
import { expectedText } from "./expected.ts";
import { renderNumberField } from "./number-field.ts";
import { confirmation, replacement } from "./questions.ts";
import type { Planned } from "./view-model.ts";

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
        ${fields.map((field) =>
          renderNumberField(this.hass, t, field, this._values[field.key] ?? null, (next) => {
            this._values = { ...this._values, [field.key]: next(this._values[field.key] ?? null) };
          }),
        )}
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
    const text = await expectedText(this.hass, this.text, this.device.id, this.#choice());
    if (asked === this.#asked) this._expected = text; // else something else was chosen meanwhile
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
      const question = confirmation(this.hass, this.text, command, this.device.type, this.name);
      if (question && !(await confirm(this, question))) return;
    }
    const { action, data } = actionCall(choice);
    let outcome = await this.#call(action, data);
    if (!outcome.ok && this.canReplace) {
      const question = replacement(this.text, outcome.failure, this.planned, this.name);
      if (question && (await confirm(this, question)))
        outcome = await this.#call(action, { ...data, on_conflict: "cancel_and_replace" });
    }
    if (outcome.ok) this.#close();
    else this._failure = outcome.failure;
  }

  #call(action: string, data: Readonly<Record<string, unknown>>): Promise<Outcome<unknown>> {
    return callAction(this.hass, this.text, action, data, { device_id: this.device.id }, true);
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

define("amps-command-form", AmpsCommandForm);
