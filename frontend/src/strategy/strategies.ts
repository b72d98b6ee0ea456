/** The strategies `custom:amps`: a dashboard, a view or a section that follows what there is in Home Assistant. */

import { accountsIn } from "../data/accounts.ts";
import { define, DOCUMENTATION, registerStrategy } from "../ha/register.ts";
import type { Hass } from "../ha/types.ts";
import { loadTexts, translator, type Translate } from "../texts/index.ts";
import {
  generateDashboard,
  generateSection,
  generateView,
  STRATEGY,
  type Config,
  type StrategyConfig,
} from "./generate.ts";

async function texts(hass: Hass): Promise<Translate> {
  await loadTexts(hass.locale.language);
  return translator(hass.locale.language);
}

/** Home Assistant calls the static methods alone, but finds them as those of an element. */
abstract class Strategy extends HTMLElement {
  /** It generates anew at a change of these. */
  static registryDependencies: readonly (keyof Hass)[] = ["entities", "devices"];
}

class DashboardStrategy extends Strategy {
  static generate(config: StrategyConfig, hass: Hass): Config {
    return generateDashboard(config, hass);
  }

  static getCreateSuggestions(): Config {
    return { title: "Amps", icon: "mdi:home-lightning-bolt" };
  }
}

class ViewStrategy extends Strategy {
  static async generate(config: StrategyConfig, hass: Hass): Promise<Config> {
    return generateView(config, hass, await texts(hass));
  }
}

class SectionStrategy extends Strategy {
  static async generate(config: StrategyConfig, hass: Hass): Promise<Config> {
    return generateSection(config, hass, await texts(hass));
  }

  static getStubConfig(hass: Hass): StrategyConfig {
    const account = accountsIn(hass)[0];
    return { type: STRATEGY, ...(account ? { config_entry: account.id } : {}) };
  }
}

define("ll-strategy-dashboard-amps", DashboardStrategy);
define("ll-strategy-view-amps", ViewStrategy);
define("ll-strategy-section-amps", SectionStrategy);
for (const strategyType of ["dashboard", "section"] as const)
  registerStrategy({
    type: "amps",
    strategyType,
    name: "strategy_name",
    description: "strategy_description",
    documentationURL: DOCUMENTATION,
  });
