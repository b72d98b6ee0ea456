/** The module that Home Assistant loads: all cards, features and strategies of Amps. */

import "./device-card/device-card.ts";
import "./home-card/home-card.ts";
import "./strategy/strategies.ts";
import "./tile-feature/tile-feature.ts";
import { loadTexts } from "./texts/index.ts";

// The pickers name the cards before any card is shown.
void loadTexts(document.documentElement.lang);
