/** `custom:amps-device-card`: one device, what it does, the command that stands, and new commands. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { deviceDetails, type DeviceDetails } from "../data/device-details.ts";
import { deviceIndex, type AmpsDevice } from "../data/device-index.ts";
import { everyMinute } from "../data/minutes.ts";
import { WatchedDetails } from "../data/watched-details.ts";
import { callAction, type Failure } from "../ha/actions.ts";
import { showMoreInfo } from "../ha/events.ts";
import { define, DOCUMENTATION, registerCard } from "../ha/register.ts";
import type { ConfigForm, GridOptions, Hass, LovelaceCard } from "../ha/types.ts";
import { commandName } from "../texts/words.ts";
import { AmpsElement } from "../ui/amps-element.ts";
import { icon } from "../ui/icons.ts";
import { shared } from "../ui/styles.ts";
import { whenIdle } from "../ui/when-idle.ts";
import { choosableCommands, type ChoosableCommand } from "./commands.ts";
import "./command-form.ts";
import { CARD_TYPE, configForm, parseConfig, stubConfig, suggestion, type DeviceCardConfig } from "./config.ts";
import { styles } from "./device-card.styles.ts";
import "./ribbon.ts";
import {
  renderFacts,
  renderFooter,
  renderHeader,
  renderLevel,
  renderNotice,
  renderPlans,
  renderCommands,
} from "./sections.ts";
import { standingCommand } from "./standing-command.ts";
import { buildHead, buildView, type DeviceView, type Planned } from "./view-model.ts";

class AmpsDeviceCard extends AmpsElement implements LovelaceCard {
  static override styles = [shared, styles];
  static override properties = {
    preview: { type: Boolean },
    layout: {},
    _config: { state: true },
    _open: { state: true },
    _failure: { state: true },
    _busy: { state: true },
    _isWhole: { state: true },
  };

  static getConfigForm(): ConfigForm {
    return configForm();
  }

  static getStubConfig(hass: Hass): Omit<DeviceCardConfig, "type"> {
    return stubConfig(hass);
  }

  declare preview: boolean;
  declare layout: string;
  declare private _config: DeviceCardConfig | undefined;
  /** The command whose form is open. */
  declare private _open: string | null;
  declare private _failure: Failure | null;
  /** Whether something is being sent. */
  declare private _busy: boolean;
  /** Whether more is shown than what the device does and what is wrong, which is painted first. */
  declare private _isWhole: boolean;
  /** With the levels to expect, which follow from the level. */
  #details = new WatchedDetails(() => {
    this.requestUpdate();
  }, ["level"]);
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.preview = false;
    this._open = null;
    this._failure = null;
    this._busy = false;
    this._isWhole = false;
  }

  setConfig(config: unknown): void {
    this._config = parseConfig(config);
  }

  getCardSize(): number {
    return 5;
  }

  getGridOptions(): GridOptions {
    return { columns: 12, rows: "auto", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops.push(
      everyMinute(() => {
        this.requestUpdate();
      }),
      whenIdle(() => {
        this._isWhole = true;
      }),
    );
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
    this.#details.stop();
  }

  protected override shownDevices(hass: Hass): readonly AmpsDevice[] {
    const device = this.#device(hass);
    return device ? [device] : [];
  }

  protected override hassChanged(before: Hass | undefined, hass: Hass): void {
    if (before && this.isConnected) this.#details.hassChanged(before, hass, this.shownDevices(hass));
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.#watch();
  }

  /** Whether more is shown than what is painted first; an editor has a new card for each letter: none may flicker. */
  get #isRestShown(): boolean {
    return this._isWhole || this.preview;
  }

  /** Have the details of the device, once there is one and for as long as more is shown than is painted first. */
  #watch(): void {
    const { hass } = this;
    if (hass && this.isConnected && this.#isRestShown) this.#details.watch(hass, this.shownDevices(hass));
  }

  #device(hass: Pick<Hass, "entities">): AmpsDevice | undefined {
    const id = this._config?.device;
    return id === undefined ? undefined : deviceIndex(hass).get(id);
  }

  protected override render(): unknown {
    const { hass } = this;
    if (!hass || !this._config) return nothing;
    const device = this.#device(hass);
    if (!device) return this.#renderEmpty();
    const details = deviceDetails(hass).get(device.id);
    const now = new Date();
    const input = { hass, device, details, translate: this.text, now, name: this._config.name };
    const view = this.#isRestShown ? buildView(input) : null;
    const head = view ?? buildHead(input);
    return html`
      <ha-card class=${head.isAvailable ? head.flow.direction : "none"}>
        <div class="content">
          ${renderHeader(head, this.text, this.#showMore)} ${view ? renderLevel(view) : nothing}
          ${head.notices.map(renderNotice)} ${view ? this.#renderRest(hass, device, details, view, now) : nothing}
        </div>
      </ha-card>
    `;
  }

  #renderRest(
    hass: Hass,
    device: AmpsDevice,
    details: DeviceDetails | null,
    view: DeviceView,
    now: Date,
  ): TemplateResult {
    const isCommandable = view.isControllable && this._config?.controls !== false;
    return html`
      ${renderCommands(view, this.text)} ${renderFacts(view)}
      ${
        this._config?.ribbon !== false && view.flow.level !== null
          ? html`<amps-ribbon
              .hass=${hass}
              .device=${device}
              .planned=${view.planned}
              .level=${view.flow.level}
              .expected=${view.expected}
              .now=${now}
            ></amps-ribbon>`
          : nothing
      }
      ${renderPlans(view.planned, this.text, this._busy, isCommandable ? this.#cancel : null)}
      ${this.#renderControls(hass, device, details, view)} ${renderFooter(view, this.text, this._busy, this.#refresh)}
    `;
  }

  #renderEmpty(): TemplateResult {
    const text = this.text(this._config?.device ? "device_gone" : "no_device");
    return html`<ha-card class="none"
      ><div class="content">
        <div class="notice">
          <strong>${icon("home")}</strong>
          <p>${text}</p>
        </div>
      </div></ha-card
    >`;
  }

  #renderControls(hass: Hass, device: AmpsDevice, details: DeviceDetails | null, view: DeviceView): unknown {
    if (!details || !view.isControllable || !view.isAvailable || this._config?.controls === false)
      return this.#renderFailure();
    const commands = choosableCommands(hass, device, details);
    const open = commands.find(({ command }) => command === this._open);
    const standing = standingCommand(hass, device, details, new Date())?.command;
    return html`
      <div class="choices" role="group" aria-label=${this.text("controls")}>
        ${commands.map((command) => this.#renderChoice(hass, device.type, command, command.command === standing, command === open))}
      </div>
      ${
        open
          ? html`<amps-command-form
              .hass=${hass}
              .device=${device}
              .command=${open}
              .planned=${view.planned}
              .canReplace=${details.conflict_strategies.includes("cancel_and_replace")}
              .text=${this.text}
              .name=${view.name}
              @amps-close=${this.#close}
            ></amps-command-form>`
          : nothing
      }
      ${this.#renderFailure()}
    `;
  }

  #renderChoice(
    hass: Hass,
    type: AmpsDevice["type"],
    { command, icon: name }: ChoosableCommand,
    isStanding: boolean,
    isOpen: boolean,
  ): TemplateResult {
    return html`<button
      class="button"
      aria-expanded=${isOpen ? "true" : "false"}
      aria-current=${isStanding ? "true" : nothing}
      data-command=${command}
      @click=${() => {
        this._open = isOpen ? null : command;
      }}
    >
      ${icon(isStanding ? "check" : name)}${commandName(hass, command, type)}
    </button>`;
  }

  #renderFailure(): unknown {
    return this._failure ? html`<p class="error" role="alert">${this._failure.text}</p>` : nothing;
  }

  #close = (): void => {
    const command = this._open;
    this._open = null;
    if (command === null) return;
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>(`[data-command="${command}"]`)?.focus();
    });
  };

  #showMore = (entityId: string): void => {
    showMoreInfo(this, entityId);
  };

  #cancel = (plan: Planned): void => {
    void this.#act("amps.cancel_action", { action_id: plan.id }, {});
  };

  #refresh = (): void => {
    void this.#act("amps.refresh", {}, { device_id: this._config?.device ?? "" });
  };

  async #act(action: string, data: Readonly<Record<string, unknown>>, target: { device_id?: string }): Promise<void> {
    const { hass } = this;
    if (!hass || this._busy) return;
    this._busy = true;
    this._failure = null;
    const outcome = await callAction(hass, this.text, action, data, target);
    this._busy = false;
    if (!outcome.ok) this._failure = outcome.failure;
    if (this._config?.device) deviceDetails(hass).refresh(hass, this._config.device);
  }
}

define(CARD_TYPE, AmpsDeviceCard);
registerCard({
  type: CARD_TYPE,
  name: "device_card_name",
  description: "device_card_description",
  preview: true,
  documentationURL: DOCUMENTATION,
  getEntitySuggestion: suggestion,
});
