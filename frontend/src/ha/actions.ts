/** Actions, with their errors as texts in the language of the user. */

import type { Translate } from "../texts/index.ts";
import type { Hass, ServiceTarget } from "./types.ts";

/** What a refused action leaves; Home Assistant gives a plain object. */
interface ServiceError {
  readonly code?: string | number;
  readonly message?: string;
  readonly translation_domain?: string;
  readonly translation_key?: string;
  readonly translation_placeholders?: Readonly<Record<string, string>>;
}

export interface Failure {
  /** The translation key, or "" where there is none. */
  readonly key: string;
  readonly text: string;
}

export type Outcome<Response> =
  { readonly ok: true; readonly response: Response | undefined } | { readonly ok: false; readonly failure: Failure };

/** Call an action. The card shows what went wrong, so Home Assistant does not. */
export async function callAction<Response = unknown>(
  hass: Hass,
  translate: Translate,
  action: string,
  data: Readonly<Record<string, unknown>>,
  target: ServiceTarget,
  returnResponse = false,
): Promise<Outcome<Response>> {
  const [domain = "", service = ""] = action.split(".");
  try {
    const { response } = await hass.callService<Response>(domain, service, data, target, false, returnResponse);
    return { ok: true, response };
  } catch (error) {
    return { ok: false, failure: await describe(hass, translate, error) };
  }
}

/** What a call is refused with whose connection was lost before its answer. */
const CONNECTION_LOST = 3;

async function describe(hass: Hass, translate: Translate, refused: unknown): Promise<Failure> {
  const error = isObject(refused) && "error" in refused ? refused["error"] : refused;
  if (error === CONNECTION_LOST || (isObject(error) && error["code"] === CONNECTION_LOST))
    return { key: "", text: translate("connection_lost") };
  const {
    translation_domain: domain,
    translation_key: key,
    translation_placeholders: placeholders,
    message,
  } = isObject(error) ? (error as ServiceError) : {};
  if (domain && key) {
    const localize = await hass.loadBackendTranslation("exceptions", domain);
    const text = localize(`component.${domain}.exceptions.${key}.message`, placeholders);
    return { key, text: text || message || translate("failed_unknown") };
  }
  // A user who may only read is refused without a translation.
  if (message === "Unauthorized") return { key: "", text: translate("not_permitted") };
  return { key: "", text: message || translate("failed_unknown") };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
