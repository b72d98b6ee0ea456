/** `custom:amps-commands`: the commands of a battery or charger as buttons of a tile. */

import { css, html, nothing, type TemplateResult } from "lit";
import type { AmpsDevice } from "../data/device-index.ts";
import { deviceName } from "../data/device-index.ts";
import { callAction } from "../ha/actions.ts";
import { confirm } from "../ha/dialog.ts";
import { fireEvent } from "../ha/events.ts";
import { define, registerFeature } from "../ha/register.ts";
import type { ConfigForm, Hass } from "../ha/types.ts";
import { textsIn } from "../texts/index.ts";
import { commandName } from "../texts/words.ts";
import { AmpsElement } from "../ui/amps-element.ts";
import { icon } from "../ui/icons.ts";
import { shared } from "../ui/styles.ts";
import { buttonsOf, COMMANDS, deviceOf, isSupported, type CommandButton } from "./buttons.ts";

const TYPE = "amps-commands";

interface FeatureConfig {
  readonly type: string;
  /** The buttons that are shown. */
  readonly commands?: readonly string[];
}

interface FeatureContext {
  readonly entity_id?: string;
}

/** Milliseconds after which a command that was accepted is not waited for any more. */
const MAX_PENDING = 30_000;

class AmpsCommands extends AmpsElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        height: var(--feature-height, 42px);
      }
      .buttons {
        display: flex;
        gap: 8px;
        height: 100%;
      }
      button {
        position: relative;
        display: flex;
        flex: 1 1 0;
        align-items: center;
        justify-content: center;
        gap: 6px;
        min-width: 0;
        padding-inline: 6px;
        border-radius: var(--feature-border-radius, 12px);
        container-type: inline-size;
        background: color-mix(in srgb, var(--amps-text) 8%, transparent);
        font-size: var(--ha-font-size-s, 12px);
        font-weight: 500;
      }
      button:hover:not(:disabled) {
        background: color-mix(in srgb, var(--amps-text) 16%, transparent);
      }
      button[aria-pressed="true"] {
        box-shadow: inset 0 0 0 2px var(--amps-text);
      }
      button:focus-visible {
        outline-offset: 1px;
      }
      .label {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      @container (max-width: 107px) {
        .label {
          display: none;
        }
      }
    `,
  ];
  static override properties = {
    context: { attribute: false },
    _config: { state: true },
    _pending: { state: true },
  };

  static getStubConfig(): FeatureConfig {
    return { type: `custom:${TYPE}` };
  }

  static getConfigForm(): ConfigForm {
    const hass = document.querySelector<HTMLElement & { hass?: Hass }>("home-assistant")?.hass;
    const options = COMMANDS.map((value) => ({ value, label: hass ? commandName(hass, value, "battery") : value }));
    return {
      schema: [{ name: "commands", selector: { select: { multiple: true, options } } }],
      computeLabel: () => textsIn(document.documentElement.lang).editor_commands,
    };
  }

  declare context: FeatureContext | undefined;
  declare private _config: FeatureConfig | undefined;
  /** The command that was sent and does not stand yet. */
  declare private _pending: string | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this._pending = null;
  }

  setConfig(config: FeatureConfig): void {
    this._config = config;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#settle();
  }

  protected override shownDevices(hass: Hass): readonly AmpsDevice[] {
    const device = deviceOf(hass, this.context?.entity_id);
    return device ? [device] : [];
  }

  protected override render(): unknown {
    const { hass } = this;
    const [device] = hass ? this.shownDevices(hass) : [];
    if (!hass || !device) return nothing;
    return html`<div class="buttons" role="group" aria-label=${this.text("controls")}>
      ${buttonsOf(hass, device, this._config?.commands).map((button) => this.#renderButton(hass, device, button))}
    </div>`;
  }

  #renderButton(hass: Hass, device: AmpsDevice, button: CommandButton): TemplateResult {
    const { command, isStanding } = button;
    const isPending = this._pending === command && !isStanding;
    const name =
      device.entities.charging_enabled && command === "idle"
        ? this.text("stop_charging")
        : commandName(hass, command, device.type);
    const state = hass.states[button.entityId];
    return html`<button
      aria-pressed=${isStanding ? "true" : "false"}
      aria-busy=${isPending ? "true" : "false"}
      aria-label=${isPending ? `${name}, ${this.text("sending")}` : name}
      title=${name}
      ?disabled=${!state || state.state === "unavailable"}
      aria-disabled=${this._pending === null ? "false" : "true"}
      @click=${() => this.#send(button, name, device)}
    >
      ${icon(isPending ? "waiting" : button.icon)}<span class="label">${name}</span>
    </button>`;
  }

  async #send(
    { command, action, data, entityId, question }: CommandButton,
    name: string,
    device: AmpsDevice,
  ): Promise<void> {
    const { hass, text } = this;
    if (!hass || this._pending !== null) return;
    this._pending = command;
    if (question) {
      const [title, details] = question;
      const isConfirmed = await confirm(this, {
        title: text(title, { device: deviceName(hass, device.id) }),
        text: text(details),
        confirmText: name,
        dismissText: text("keep"),
        destructive: true,
      });
      if (!isConfirmed) {
        this.#settle();
        return;
      }
    }
    const outcome = await callAction(hass, text, action, data, { entity_id: entityId });
    if (outcome.ok) {
      this.#timer = setTimeout(this.#settle, MAX_PENDING);
      this.#settleOnceStanding();
    } else {
      this.#settle();
      fireEvent(this, "hass-notification", { message: outcome.failure.text });
    }
  }

  protected override hassChanged(): void {
    if (this.#timer !== undefined) this.#settleOnceStanding();
  }

  #settleOnceStanding(): void {
    const { hass } = this;
    const [device] = hass ? this.shownDevices(hass) : [];
    if (!hass || !device) return;
    if (buttonsOf(hass, device, COMMANDS).some(({ command, isStanding }) => isStanding && command === this._pending))
      this.#settle();
  }

  #settle = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this._pending = null;
  };
}

define(TYPE, AmpsCommands);
registerFeature({
  type: TYPE,
  name: "feature_name",
  configurable: true,
  isSupported: (hass, { entity_id: entityId }) => isSupported(hass, entityId),
});
