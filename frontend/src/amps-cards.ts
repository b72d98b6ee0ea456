/** The module that Home Assistant loads: all cards, features and strategies of Amps. */

import "./device-card/device-card.ts";
