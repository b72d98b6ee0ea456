/** The sections of the device card but its controls: each draws a part of the view. */

import { html, nothing, type TemplateResult } from "lit";
import type { Translate } from "../texts/index.ts";
import { icon } from "../ui/icons.ts";
import { levelColor } from "../ui/level.ts";
import type { Notice } from "./notices.ts";
import type { Stage } from "./command-stages.ts";
import type { DeviceHead, DeviceView, Planned } from "./view-model.ts";

export function renderHeader(
  { name, flow, isAvailable }: DeviceHead,
  t: Translate,
  showMore: (entityId: string) => void,
): TemplateResult {
  const main = isAvailable ? flow.main : null;
  return html`
    <div class="header">
      <span class="sign">${icon(flow.icon)}</span>
      <div class="names">
        <h2>${name}</h2>
        <p class="sentence">${isAvailable ? flow.sentence : t("unavailable")}</p>
      </div>
      ${
        main && flow.entityId
          ? html`<button
              class="main"
              @click=${() => {
                showMore(flow.entityId ?? "");
              }}
            >
              <span class="visually-hidden">${name}:</span>
              ${main.value}${main.unit ? html`<span class="unit"> ${main.unit}</span>` : nothing}
            </button>`
          : nothing
      }
    </div>
  `;
}

export function renderLevel({ flow: { level }, isAvailable, marks }: DeviceView): unknown {
  if (level === null || !isAvailable) return nothing;
  return html`<div class="level" style="--level-color:${levelColor(level)}" aria-hidden="true">
    <div class="track"><div class="fill" style="width:${level}%"></div></div>
    ${marks.map(({ kind, value, label }) => html`<span class="mark ${kind}" style="inset-inline-start:${value}%" title=${label}></span>`)}
  </div>`;
}

export function renderNotice({ tone, icon: name, title, text }: Notice): TemplateResult {
  return html`<div class="notice ${tone}" role="status">
    ${icon(name)}<strong>${title}</strong>${text ? html`<p>${text}</p>` : nothing}
  </div>`;
}

export function renderCommands({ standing, last, isAvailable }: DeviceView, t: Translate): unknown {
  if (!isAvailable || (!standing && !last)) return nothing;
  return html`<dl class="standing">
    ${
      standing
        ? html`<dt>${t("standing")}</dt>
            <dd>
              <div>${standing.text}</div>
              ${standing.isPending ? renderStage({ icon: "waiting", tone: "warning", text: t("waiting_for_device") }) : standing.stage ? renderStage(standing.stage) : nothing}
            </dd>`
        : nothing
    }
    ${
      last
        ? html`<dt class="last">${t("last")}</dt>
            <dd class="last">
              <div>${last.text}</div>
              ${renderStage(last.stage)}
            </dd>`
        : nothing
    }
  </dl>`;
}

function renderStage({ icon: name, tone, text }: Stage): TemplateResult {
  return html`<span class="stage ${tone}">${icon(name)}${text}</span>`;
}

export function renderFacts({ facts }: DeviceView): unknown {
  if (facts.length === 0) return nothing;
  return html`<dl class="facts">
    ${facts.map(
      ({ label, value }) =>
        html`<dt>${label}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** What is planned; without `cancel`, nothing of it can be cancelled here. */
export function renderPlans(
  planned: readonly Planned[],
  t: Translate,
  isBusy: boolean,
  cancel: ((plan: Planned) => void) | null,
): unknown {
  if (planned.length === 0) return nothing;
  return html`<ul class="plans">
    ${planned.map((plan) => renderPlan(plan, t, isBusy, cancel))}
  </ul>`;
}

function renderPlan(
  plan: Planned,
  t: Translate,
  isBusy: boolean,
  cancel: ((plan: Planned) => void) | null,
): TemplateResult {
  return html`<li class=${plan.isRunning ? "running" : ""}>
    ${icon(plan.isRunning ? "clock" : "calendar")}
    <div>
      <div>${plan.text}</div>
      <div class="quiet small">${plan.isRunning ? `${t("in_progress")}, ` : ""}${plan.when}</div>
    </div>
    ${
      plan.isCancellable && cancel
        ? html`<button
            class="button plain"
            aria-disabled=${isBusy ? "true" : "false"}
            aria-label=${t("cancel_plan_of", { plan: `${plan.text}, ${plan.when}` })}
            @click=${() => {
              cancel(plan);
            }}
          >
            ${t("cancel_plan")}
          </button>`
        : nothing
    }
  </li>`;
}

export function renderFooter(
  { data, isRefreshable }: DeviceView,
  t: Translate,
  isBusy: boolean,
  refresh: () => void,
): unknown {
  if (!data && !isRefreshable) return nothing;
  return html`<div class="footer">
    <span>${data}</span>
    ${
      isRefreshable
        ? html`<button
            class="button plain round"
            aria-disabled=${isBusy ? "true" : "false"}
            aria-label=${t("refresh")}
            title=${t("refresh")}
            @click=${refresh}
          >
            ${icon("refresh")}
          </button>`
        : nothing
    }
  </div>`;
}
