/** Data that outlives elements: in edit mode each change of a config makes a new element. */

import type { Connection, Hass } from "../ha/types.ts";

/** Return a function that gives each connection its own instance. */
export function perConnection<Instance>(create: () => Instance): (hass: Pick<Hass, "connection">) => Instance {
  const instances = new WeakMap<Connection, Instance>();
  return ({ connection }) => {
    let instance = instances.get(connection);
    if (instance === undefined) instances.set(connection, (instance = create()));
    return instance;
  };
}

/** Listeners by what they listen to. */
export class Listeners {
  readonly #listeners = new Map<string, Set<() => void>>();

  get keys(): string[] {
    return [...this.#listeners.keys()];
  }

  add(key: string, listener: () => void): () => void {
    const ofKey = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, ofKey.add(listener));
    return () => {
      ofKey.delete(listener);
      if (ofKey.size === 0 && this.#listeners.get(key) === ofKey) this.#listeners.delete(key);
    };
  }

  notify(keys: Iterable<string>): void {
    for (const key of keys) for (const listener of this.#listeners.get(key) ?? []) listener();
  }
}
