/** What the view of a device is made from. */

import type { DeviceDetails } from "../data/device-details.ts";
import type { AmpsDevice } from "../data/device-index.ts";
import type { Hass } from "../ha/types.ts";
import type { Translate } from "../texts/index.ts";

export interface ViewInput {
  readonly hass: Hass;
  readonly device: AmpsDevice;
  readonly details: DeviceDetails | null;
  readonly translate: Translate;
  readonly now: Date;
  readonly name?: string | undefined;
}
