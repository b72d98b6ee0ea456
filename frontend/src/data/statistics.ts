/**
 * The history of levels, from the statistics: one request for all cards that are shown, every five minutes.
 *
 * A hidden page asks for nothing, and at once when it is shown again.
 */

import type { Hass } from "../ha/types.ts";
import { Listeners, perConnection } from "./per-connection.ts";

/** A measured mean, at the middle of its five minutes; milliseconds since the epoch. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

const HOURS = 12;
const INTERVAL = 300_000;
/** Home Assistant computes the statistics some seconds after the five minutes are over. */
const DELAY = 15_000;
/** Where the connection is lost, or the recorder still starting. */
const RETRY = 15_000;

type Rows = Readonly<
  Record<string, readonly { readonly start: number; readonly end: number; readonly mean?: number | null }[]>
>;

class Statistics {
  readonly #listeners = new Listeners();
  readonly #samples = new Map<string, readonly Sample[]>();
  #hass: Hass | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When there is something new to ask for. */
  #dueAt = 0;

  samples(statisticId: string): readonly Sample[] {
    return this.#samples.get(statisticId) ?? [];
  }

  /** Keep the history of an entity up to date until the returned function is called. */
  watch(hass: Hass, statisticId: string, listener: () => void): () => void {
    this.#hass = hass;
    const remove = this.#listeners.add(statisticId, listener);
    document.addEventListener("visibilitychange", this.#scheduleDue);
    if (!this.#samples.has(statisticId)) this.#schedule(0);
    else if (this.#timer === undefined) this.#scheduleDue();
    return () => {
      remove();
      if (this.#listeners.keys.length > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      document.removeEventListener("visibilitychange", this.#scheduleDue);
    };
  }

  #scheduleDue = (): void => {
    if (!document.hidden) this.#schedule(Math.max(this.#dueAt - Date.now(), 0));
  };

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#fetch(), delay);
  }

  async #fetch(): Promise<void> {
    if (document.hidden) return;
    const ids = this.#listeners.keys;
    this.#dueAt = Date.now() + untilNext();
    this.#scheduleDue();
    if (!this.#hass?.config.components.includes("recorder")) return;
    try {
      const rows = await this.#hass.callWS<Rows>({
        type: "recorder/statistics_during_period",
        start_time: new Date(Date.now() - HOURS * 3_600_000).toISOString(),
        statistic_ids: ids,
        period: "5minute",
        types: ["mean"],
      });
      for (const id of ids) this.#samples.set(id, toSamples(rows[id] ?? []));
      for (const id of this.#samples.keys()) if (!ids.includes(id)) this.#samples.delete(id);
      this.#listeners.notify(ids);
    } catch {
      this.#dueAt = Date.now() + RETRY;
      if (this.#listeners.keys.length > 0) this.#scheduleDue();
    }
  }
}

function untilNext(): number {
  return INTERVAL - ((Date.now() - DELAY) % INTERVAL);
}

function toSamples(rows: Rows[string]): Sample[] {
  return rows.flatMap(({ start, end, mean }) =>
    typeof mean === "number" ? [{ at: (start + end) / 2, value: mean }] : [],
  );
}

export const statistics = perConnection(() => new Statistics());
