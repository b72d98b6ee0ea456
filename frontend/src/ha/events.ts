/** Events that Home Assistant's page handles. */

export function fireEvent(element: EventTarget, type: string, detail: unknown): void {
  element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

/** Open the dialog of an entity. */
export function showMoreInfo(element: EventTarget, entityId: string): void {
  fireEvent(element, "hass-more-info", { entityId });
}

/** Show another page of Home Assistant. */
export function navigate(path: string): void {
  history.pushState(null, "", path);
  fireEvent(window, "location-changed", { replace: false });
}
